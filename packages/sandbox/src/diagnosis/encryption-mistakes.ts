import { createDecipheriv, hash } from 'node:crypto'
import {
  billKeyChargeRequest,
  billKeyDeletionRequest,
  billKeyRegistrationRequest,
  cancelRequest,
  type FieldTable,
  memberDeletionRequest,
  sealedEnvelope,
} from '@sspay/protocol'
import { decodeText } from '@sspay/protocol/charset'
import type { MistakeRow } from './mistake.ts'

/** A row with several ways, each with its name. */
type Variants<Way> = readonly (readonly [variant: string, way: Way])[]

const text = (value: string): Uint8Array => Buffer.from(value, 'utf8')

/** 16, 24 or 32 bytes, which choose AES-128, AES-192 or AES-256. */
export const derivationRow: MistakeRow<Variants<(key: string) => Uint8Array>> = [
  'key_derivation',
  '상점키의 앞 32자가 아니라 {} 를 AES 키로 썼습니다',
  'uses {} as the AES key, not the first 32 characters of the MerchantKey',
  [
    ['MerchantKey[0..16)', (key) => text(key.slice(0, 16))],
    ['MerchantKey[0..16) + 0x00', (key) => Buffer.concat([text(key.slice(0, 16)), Buffer.alloc(16)])],
    ['MerchantKey[-32..)', (key) => text(key.slice(-32))],
    ['Base64 → bytes(MerchantKey[0..32))', (key) => Buffer.from(key.slice(0, 32), 'base64')],
    ['SHA-256(MerchantKey)', (key) => hash('sha256', key, 'buffer')],
    ['SHA-256(MerchantKey[0..32))', (key) => hash('sha256', key.slice(0, 32), 'buffer')],
    ['hex(SHA-256(MerchantKey))[0..32)', (key) => text(hash('sha256', key, 'hex').slice(0, 32))],
    ['hex(MD5(MerchantKey))', (key) => text(hash('md5', key, 'hex'))],
    ['MD5(MerchantKey)', (key) => hash('md5', key, 'buffer')],
  ],
]

/** Decrypts without removing the padding. Undefined when the lengths do not fit. */
export type Open = (encrypted: Uint8Array, key: Uint8Array) => Uint8Array | undefined

function open(mode: string, key: Uint8Array, iv: Uint8Array | null, encrypted: Uint8Array): Uint8Array | undefined {
  try {
    const decipher = createDecipheriv(`aes-${key.length * 8}-${mode}`, key, iv).setAutoPadding(false)
    // GCM has no padding, and its tag is not checked: the text proves itself.
    if (mode === 'gcm') return Buffer.concat([decipher.update(encrypted), Buffer.alloc(16, 16)])
    return decipher.update(encrypted.subarray(0, encrypted.length - (encrypted.length % 16)))
  } catch {
    return undefined
  }
}

export const openRightly: Open = (encrypted, key) => open('cbc', key, Buffer.alloc(16), encrypted)

/** Whatever the IV is, it garbles the first block only. */
export const openTail: Open = (encrypted, key) => openRightly(encrypted, key)?.subarray(16)

/** The cipher set up wrongly. */
export const modeRows: readonly MistakeRow<Variants<Open>>[] = [
  [
    'iv',
    'IV로 0 바이트 16개가 아니라 {} 를 썼습니다',
    'has {} as IV, not sixteen zero bytes',
    [
      ['MerchantKey[0..16)', (encrypted, key) => open('cbc', key, key.subarray(0, 16), encrypted)],
      ['"0" × 16', (encrypted, key) => open('cbc', key, Buffer.alloc(16, '0'), encrypted)],
      ['EncData[0..16)', (encrypted, key) => open('cbc', key, encrypted.subarray(0, 16), encrypted.subarray(16))],
      ['?', openTail],
    ],
  ],
  [
    'mode',
    'CBC가 아니라 {} 로 암호화했습니다',
    'is encrypted in {}, not in CBC',
    [
      ['ECB', (encrypted, key) => open('ecb', key, null, encrypted)],
      ['GCM', (encrypted, key) => open('gcm', key, encrypted.subarray(0, 12), encrypted.subarray(12, -16))],
    ],
  ],
]

type Remove = (bytes: Uint8Array) => Uint8Array | undefined

export const removePkcs7: Remove = (bytes) => {
  const length = bytes.at(-1) ?? 0
  const isPadded = length > 0 && length <= 16 && bytes.subarray(-length).every((byte) => byte === length)
  return isPadded ? bytes.subarray(0, -length) : undefined
}

const removeZeros: Remove = (bytes) => bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1)

export const paddingRow: MistakeRow<Variants<Remove>> = [
  'padding',
  'PKCS#7이 아니라 {} 로 채웠습니다',
  'is padded with {}, not with PKCS#7',
  [
    ['0x00', (bytes) => (bytes.at(-1) === 0 ? removeZeros(bytes) : undefined)],
    ['PKCS#7 × 2', (bytes) => removePkcs7(removePkcs7(bytes) ?? new Uint8Array())],
    ['""', (bytes) => bytes],
  ],
]

export const charsetRow: MistakeRow<(bytes: Uint8Array) => string> = [
  'charset',
  '본문을 UTF-8이 아니라 EUC-KR로 썼습니다',
  'writes the text in EUC-KR, not in UTF-8',
  (bytes) => decodeText(bytes, 'euc-kr'),
]

export const parseJson = (given: string): unknown => {
  try {
    return JSON.parse(given)
  } catch {
    return undefined
  }
}

/** Something else than one JSON object was encrypted: the first row that fits. */
export const formRows: readonly MistakeRow<(given: string) => boolean>[] = [
  [
    'json_twice',
    'JSON을 다시 JSON 글자로 감쌌습니다(stringify를 두 번 했습니다)',
    'wraps the JSON in JSON once more: it was stringified twice',
    (given) => typeof parseJson(given) === 'string',
  ],
  [
    'form_encoded',
    'JSON이 아니라 폼(a=1&b=2)으로 썼습니다',
    'writes the fields as a form (a=1&b=2), not as JSON',
    (given) => /^\w+=[^&{]*(&\w+=[^&]*)*$/.test(given),
  ],
  [
    'json_url_encoded',
    '암호화하기 전에 JSON을 URL 인코딩했습니다',
    'URL-encodes the JSON before it is encrypted',
    (given) => /^%7B/i.test(given),
  ],
  [
    'cut',
    '뒤가 잘렸습니다',
    'is cut off at its end',
    (given) => given.startsWith('{') && !given.trimEnd().endsWith('}'),
  ],
  ['not_json', '본문이 올바른 JSON 객체가 아닙니다', 'does not hold one JSON object', () => true],
]

const known = [memberDeletionRequest, cancelRequest, sealedEnvelope].flatMap((table) => Object.keys(table))
const namedValue = new RegExp(`(${[...known, 'MallUserID'].join('|')})\\s*["'=:>%\\]\\\\]`)

/** Only the right key makes a text readable throughout with a field by its name. */
export const isMessage = (given: string): boolean => !/[^\P{Cc}\r\n\t]|\uFFFD/u.test(given) && namedValue.test(given)

/** EncData that has nothing to decrypt, recognized by the texts that it may stand for. */
export const wholeRows: readonly MistakeRow<(given: string) => boolean>[] = [
  [
    'envelope_inside',
    '봉투(EncData, Mid) 전체를 EncData에 넣었습니다',
    'holds the whole envelope (EncData, Mid)',
    (given) => Object.hasOwn(Object(parseJson(given)), 'EncData'),
  ],
  ['not_encrypted', '암호화하지 않았습니다', 'is not encrypted at all', isMessage],
  [
    'passphrase',
    '상점키를 키가 아니라 암호문구(passphrase)로 넘겼습니다(CryptoJS에는 Utf8.parse한 키와 IV를 주세요)',
    'gives the MerchantKey as a passphrase, not as a key: CryptoJS wants key and IV parsed with Utf8.parse',
    (given) => given.startsWith('Salted__'),
  ],
]

export interface Surroundings {
  /** What should be inside. Without it the names of the fields are not checked. */
  readonly table?: FieldTable | undefined
  /** The clear Mid beside EncData. Without it the Mid inside is not compared. */
  readonly merchantId?: string | undefined
}

type Fields = Readonly<Record<string, unknown>>

const missingIn = (fields: Fields, table: FieldTable): readonly string[] =>
  Object.keys(table).filter((wireName) => table[wireName]?.required && !Object.hasOwn(fields, wireName))

const letters = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/** Names that equal a missing one but for case and punctuation, so no name of the shop's own is shown. */
const misspeltIn = (fields: Fields, table: FieldTable): readonly string[] =>
  missingIn(fields, table).flatMap((wireName) =>
    Object.keys(fields).flatMap((name) => (letters(name) === letters(wireName) ? `${name} → ${wireName}` : [])),
  )

const encryptedRequests: readonly FieldTable[] = [
  ...[memberDeletionRequest, cancelRequest],
  ...[billKeyRegistrationRequest, billKeyChargeRequest, billKeyDeletionRequest],
]

const isOtherRequest = (fields: Fields, table: FieldTable): boolean =>
  missingIn(fields, table).length > 0 &&
  encryptedRequests.some((one) => one !== table && missingIn(fields, one).length === 0)

/**
 * Fields that were encrypted as the guide says but are not the right ones. The test gives the variants that it finds.
 */
export const contentRows: readonly MistakeRow<(fields: Fields, around: Surroundings) => readonly string[] | boolean>[] =
  [
    [
      'envelope_inside',
      '봉투(EncData, Mid) 전체를 EncData에 넣었습니다',
      'holds the whole envelope (EncData, Mid)',
      (fields) => Object.hasOwn(fields, 'EncData'),
    ],
    [
      'json_nested',
      'JSON의 값 안에 객체나 배열이 있습니다. 모든 값은 문자열이어야 합니다',
      'has an object or an array as a value in its JSON, where every value must be a string',
      (fields) => Object.values(fields).some((value) => typeof value === 'object' && value !== null),
    ],
    [
      'field_spelling',
      '파라미터 이름의 철자가 다릅니다({})',
      'spells parameters differently ({})',
      (fields, { table = {} }) => misspeltIn(fields, table),
    ],
    [
      'other_request',
      '다른 전문의 본문입니다(보낸 주소를 확인하세요)',
      'is the body of another request: check the address that it was sent to',
      (fields, { table = {} }) => isOtherRequest(fields, table),
    ],
    [
      'merchant_id_inner',
      '안의 Mid와 밖의 Mid가 다릅니다',
      'has a Mid inside that differs from the one beside it',
      (fields, { merchantId }) =>
        merchantId !== undefined && typeof fields.Mid === 'string' && fields.Mid !== merchantId,
    ],
  ]
