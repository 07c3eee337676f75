import { createHash } from 'node:crypto'
import { keyRows, type NamedKey, otherKeyRows } from './keys.ts'
import type { Mistake, Row } from './mistake.ts'

/** Bytes that may have sealed, and the mistake by which they came from the MerchantKey. */
export interface EncryptionKey {
  /** 16, 24 or 32 bytes: they choose AES-128, AES-192 or AES-256. */
  readonly bytes: Uint8Array
  readonly mistake: Mistake | undefined
}

type Derive = (key: string) => Uint8Array

const text = (value: string): Uint8Array => Buffer.from(value, 'utf8')
const cut = (key: string): string => key.slice(0, 32)
const hash = (name: 'md5' | 'sha256', value: string): Buffer => createHash(name).update(value).digest()

/** The first bytes that Java's SHA1PRNG yields from a seed. */
const seeded = (seed: string): Uint8Array => {
  const state = createHash('sha1').update(seed).digest()
  return createHash('sha1').update(state).digest().subarray(0, 16)
}

/** PHP fills a key that is too short with zero bytes, and cuts one that is too long. */
const filled = (bytes: Uint8Array): Uint8Array => Buffer.concat([bytes, Buffer.alloc(32)]).subarray(0, 32)

/** How the 32 bytes come out wrong, besides what goes wrong with the key itself. */
const encryptionRows: readonly Row<Derive>[] = [
  [
    'key_last',
    '상점키의 앞이 아니라 뒤 32자를 썼습니다',
    'uses the last 32 characters of the MerchantKey, not the first',
    (key) => text(key.slice(-32)),
  ],
  [
    'key_offset',
    '상점키를 둘째 글자부터 썼습니다',
    'starts at the second character of the MerchantKey',
    (key) => text(key.slice(1, 33)),
    (key) => filled(text(key.slice(1, 32))),
  ],
  [
    'key_16',
    '상점키의 앞 16자로 AES-128을 썼습니다',
    'uses AES-128 with 16 characters of the MerchantKey',
    (key) => text(key.slice(0, 16)),
    (key) => text(key.slice(-16)),
    (key) => text(key.slice(16, 32)),
  ],
  [
    'key_24',
    '상점키의 앞 24자로 AES-192를 썼습니다',
    'uses AES-192 with 24 characters of the MerchantKey',
    (key) => text(key.slice(0, 24)),
  ],
  [
    'key_filled',
    '상점키의 일부만 쓰고 나머지를 0 바이트나 같은 글자로 채웠습니다',
    'uses a part of the MerchantKey, filled up with zero bytes or with itself',
    (key) => filled(text(key.slice(0, 16))),
    (key) => filled(text(key.slice(0, 24))),
    (key) => filled(text(key.slice(0, 31))),
    (key) => text(key.slice(0, 16).repeat(2)),
  ],
  [
    'key_sha256',
    '상점키를 SHA-256으로 해시해서 썼습니다',
    'uses the SHA-256 of the MerchantKey',
    (key) => hash('sha256', key),
    (key) => hash('sha256', cut(key)),
    (key) => text(cut(hash('sha256', key).toString('hex'))),
    (key) => text(cut(hash('sha256', cut(key)).toString('hex'))),
    (key) => text(cut(hash('sha256', key).toString('base64'))),
    (key) => hash('sha256', key).subarray(0, 16),
  ],
  [
    'key_md5',
    '상점키를 MD5로 해시해서 썼습니다',
    'uses the MD5 of the MerchantKey',
    (key) => text(hash('md5', key).toString('hex')),
    (key) => text(hash('md5', cut(key)).toString('hex')),
    (key) => hash('md5', key),
    (key) => hash('md5', cut(key)),
  ],
  [
    'key_decoded',
    '상점키를 Base64로 풀어서 썼습니다',
    'uses the MerchantKey decoded from Base64',
    (key) => Buffer.from(key, 'base64').subarray(-32),
    (key) => Buffer.from(key, 'base64').subarray(0, 16),
    (key) => Buffer.from(cut(key), 'base64'),
    (key) => filled(Buffer.from(cut(key), 'base64')),
  ],
  [
    'key_seeded',
    '상점키를 난수(SecureRandom, SHA1PRNG)의 씨앗으로 썼습니다',
    'seeds a random generator (SecureRandom, SHA1PRNG) with the MerchantKey',
    (key) => seeded(key),
    (key) => seeded(cut(key)),
  ],
  [
    'key_utf16',
    '상점키를 UTF-16 바이트로 썼습니다',
    'uses the UTF-16 bytes of the MerchantKey',
    (key) => Buffer.from(key.slice(0, 16), 'utf16le'),
    (key) => Buffer.from(key.slice(0, 16), 'utf16le').swap16(),
  ],
  ['key_missing', '상점키가 비어 있습니다', 'has an empty MerchantKey', () => Buffer.alloc(32)],
]

const fromRows = <Change>(
  rows: readonly Row<Change>[],
  derive: (change: Change) => Uint8Array,
): readonly EncryptionKey[] =>
  rows.flatMap(([id, ko, en, ...changes]) =>
    changes.map((change) => ({ bytes: derive(change), mistake: { id, ko, en } })),
  )

/** Every key that is tried, the right one first and none twice. */
export function encryptionKeys(merchantKey: string, otherKeys: readonly NamedKey[]): readonly EncryptionKey[] {
  const right = text(cut(merchantKey))
  const all = [
    { bytes: right, mistake: undefined },
    ...fromRows(encryptionRows, (derive) => derive(merchantKey)),
    ...fromRows([...otherKeyRows(otherKeys), ...keyRows], (change) => {
      const changed = change(merchantKey)
      return filled(typeof changed === 'string' ? text(changed) : changed)
    }),
  ]
  const fitting = all.filter(({ bytes }) => [16, 24, 32].includes(bytes.length))
  const textOf = ({ bytes }: EncryptionKey): string => Buffer.from(bytes).toString('latin1')
  const firstOf = new Map(fitting.toReversed().map((one) => [textOf(one), one]))
  return fitting.filter((one) => firstOf.get(textOf(one)) === one)
}
