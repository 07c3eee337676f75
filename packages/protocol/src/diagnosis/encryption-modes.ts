import { createDecipheriv } from 'node:crypto'
import type { Mistake, Row } from './mistake.ts'

/** What came out under one key in one mode. */
export interface Opened {
  readonly plaintext: Uint8Array
  /** Block modes fill up the last block; the others do not. */
  readonly isPadded: boolean
  /** The beginning is lost. */
  readonly isTail: boolean
  /** The tag of GCM may stand behind it. */
  readonly isTagged?: boolean
}

export interface Mode {
  readonly mistake: Mistake | undefined
  /** Hardly ever met, and so tried with the right key only. */
  readonly isRare: boolean
  readonly open: Open
  /** What must be readable for {@link open} to be worth the time: several modes share one. */
  readonly sample: Open
}

export type Open = (encrypted: Uint8Array, key: Uint8Array) => Opened | undefined

/** The IV, and what of the sealed bytes comes after it. */
type Start = (encrypted: Uint8Array, key: Uint8Array) => readonly [iv: Uint8Array, encrypted: Uint8Array]

const zero: Start = (encrypted) => [Buffer.alloc(16), encrypted]
const ofKey: Start = (encrypted, key) => [key.subarray(0, 16), encrypted]
const zerosAsText: Start = (encrypted) => [Buffer.alloc(16, '0'), encrypted]
const prepended: Start = (encrypted) => [encrypted.subarray(0, 16), encrypted.subarray(16)]
const prepended12: Start = (encrypted) => [encrypted.subarray(0, 12), encrypted.subarray(12)]
const zero12: Start = (encrypted) => [Buffer.alloc(12), encrypted]
const ofKey12: Start = (encrypted, key) => [key.subarray(0, 12), encrypted]

/** Without its padding removed, and without the tag of GCM looked at. */
function decrypt(name: string, key: Uint8Array, iv: Uint8Array | null, encrypted: Uint8Array): Uint8Array | undefined {
  try {
    return createDecipheriv(name, key, iv).setAutoPadding(false).update(encrypted)
  } catch {
    return undefined
  }
}

const wholeBlocks = (encrypted: Uint8Array, size: number): Uint8Array =>
  encrypted.subarray(0, encrypted.length - (encrypted.length % size))

const aes = (mode: string, key: Uint8Array): string => `aes-${key.length * 8}-${mode}`

const blocks =
  (cipher: (key: Uint8Array) => string, start: Start, isTail = false): Open =>
  (given, key) => {
    const [iv, encrypted] = start(given, key)
    const plaintext = decrypt(cipher(key), key, iv, wholeBlocks(encrypted, 16))
    return plaintext && { plaintext: isTail ? plaintext.subarray(16) : plaintext, isPadded: true, isTail }
  }

const cbc = (start: Start, isTail = false): Open => blocks((key) => aes('cbc', key), start, isTail)

const stream =
  (mode: string, start: Start): Open =>
  (given, key) => {
    const [iv, encrypted] = start(given, key)
    const plaintext = decrypt(aes(mode, key), key, iv, encrypted)
    return plaintext && { plaintext, isPadded: false, isTail: false, isTagged: mode === 'gcm' }
  }

const streams = (...modes: readonly string[]): readonly Open[] =>
  modes.flatMap((mode) => [zero, ofKey, prepended].map((start) => stream(mode, start)))

const ecb =
  (cipher: (key: Uint8Array) => string): Open =>
  (encrypted, key) => {
    const plaintext = decrypt(cipher(key), key, null, wholeBlocks(encrypted, 16))
    return plaintext && { plaintext, isPadded: true, isTail: false }
  }

const tripleDes =
  (mode: 'cbc' | 'ecb'): Open =>
  (encrypted, key) => {
    const [name, iv] = mode === 'cbc' ? ['des-ede3-cbc', Buffer.alloc(8)] : ['des-ede3', null]
    const plaintext = decrypt(name, key.subarray(0, 24), iv, wholeBlocks(encrypted, 8))
    return plaintext && { plaintext, isPadded: true, isTail: false }
  }

/** Whatever the IV is, it garbles the first block only. */
const cbcTail = cbc(zero, true)

const modeRows: readonly Row<Open>[] = [
  ['iv_key', 'IV로 키의 앞 16자를 썼습니다', 'takes the first 16 characters of the key as IV', cbc(ofKey)],
  [
    'iv_zeros_text',
    'IV로 0 바이트가 아니라 글자 0을 썼습니다',
    'takes the digit 0 sixteen times as IV, not zero bytes',
    cbc(zerosAsText),
  ],
  [
    'iv_prepended',
    '무작위 IV를 앞에 붙였습니다(IV는 0 바이트 16개입니다)',
    'has a random IV before it: the IV is sixteen zero bytes',
    cbc(prepended),
  ],
  ['ecb', 'CBC가 아니라 ECB로 암호화했습니다', 'is sealed in ECB, not in CBC', ecb((key) => aes('ecb', key))],
  ['ctr', 'CBC가 아니라 CTR로 암호화했습니다', 'is sealed in CTR, not in CBC', ...streams('ctr')],
  [
    'gcm',
    'CBC가 아니라 GCM으로 암호화했습니다',
    'is sealed in GCM, not in CBC',
    ...[zero12, ofKey12, prepended12, zero, ofKey, prepended].map((start) => stream('gcm', start)),
  ],
  ['cfb', 'CBC가 아니라 CFB로 암호화했습니다', 'is sealed in CFB, not in CBC', ...streams('cfb', 'cfb8')],
  ['ofb', 'CBC가 아니라 OFB로 암호화했습니다', 'is sealed in OFB, not in CBC', ...streams('ofb')],
  [
    'cipher_aria',
    'AES가 아니라 ARIA로 암호화했습니다',
    'is sealed with ARIA, not with AES',
    blocks((key) => `aria-${key.length * 8}-cbc`, zero),
    ecb((key) => `aria-${key.length * 8}-ecb`),
  ],
  [
    'cipher_3des',
    'AES가 아니라 3DES로 암호화했습니다',
    'is sealed with Triple DES, not with AES',
    tripleDes('cbc'),
    tripleDes('ecb'),
  ],
  [
    'iv_unknown',
    '다른 IV를 썼습니다(IV는 0 바이트 16개입니다. 첫 16바이트만 깨집니다)',
    'has another IV than sixteen zero bytes: only its first 16 bytes are garbled',
    cbcTail,
  ],
]

const rare: ReadonlySet<string> = new Set(['cfb', 'ofb', 'cipher_aria', 'cipher_3des'])

const ofCbc = /^iv_/

/** Every way to seal that is tried, the right one first. */
export const modes: readonly Mode[] = [
  { mistake: undefined, isRare: false, open: cbc(zero), sample: cbcTail },
  ...modeRows.flatMap(([id, ko, en, ...opens]) =>
    opens.map((open) => ({
      mistake: { id, ko, en },
      isRare: rare.has(id),
      open,
      sample: ofCbc.test(id) ? cbcTail : open,
    })),
  ),
]
