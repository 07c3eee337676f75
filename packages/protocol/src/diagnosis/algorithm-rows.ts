import { encodeText, firstUnwritable } from '../charset.ts'
import type { Row } from './mistake.ts'
import { type Algorithm, hashed, keyed, type Recipe, sha256, utf8 } from './recipe.ts'

/** Digests are bytes, and yet some shops go on with their text. */
const written = (bytes: Uint8Array, encoding: 'hex' | 'base64'): Uint8Array =>
  utf8(Buffer.from(bytes).toString(encoding))

const inHex = ({ length, digest }: Algorithm): Algorithm => ({
  length: 2 * length,
  digest: (joined, key) => written(digest(joined, key), 'hex'),
})

const twice = (between: (bytes: Uint8Array) => Uint8Array): Algorithm => ({
  length: sha256.length,
  digest: (joined, key) => sha256.digest(between(sha256.digest(joined, key)), key),
})

/** What is made of the joined bytes in place of SHA-256. */
export const algorithmRows: readonly Row<Algorithm>[] = [
  ['md5_hex_base64', '옛 예제의 MD5 방식입니다', 'is the MD5 of old samples', inHex(hashed('md5', 16))],
  ['md5', 'MD5를 썼습니다', 'is MD5', hashed('md5', 16)],
  ['sha1', 'SHA-1을 썼습니다', 'is SHA-1', hashed('sha1', 20)],
  ['sha384', 'SHA-384를 썼습니다', 'is SHA-384', hashed('sha384', 48)],
  ['sha512', 'SHA-512를 썼습니다', 'is SHA-512', hashed('sha512', 64)],
  ['sha3', 'SHA3-256을 썼습니다', 'is SHA3-256', hashed('sha3-256', 32)],
  [
    'hash_twice',
    'SHA-256을 두 번 했습니다',
    'is hashed twice with SHA-256',
    twice((bytes) => bytes),
    twice((bytes) => written(bytes, 'hex')),
    twice((bytes) => written(bytes, 'base64')),
  ],
]

export const hmacRow: Row<Algorithm> = [
  'hmac',
  '상점키를 키로 쓴 HMAC입니다',
  'is an HMAC keyed with the MerchantKey',
  keyed('sha256', 32),
  keyed('sha512', 64),
]

const eucKr = (text: string): Uint8Array =>
  firstUnwritable(text, 'euc-kr') === undefined ? encodeText(text, 'euc-kr') : utf8(text)

/** What the joined text becomes in place of UTF-8. */
export const charsetRows: readonly Row<Recipe['bytesOf']>[] = [
  ['euc_kr', '글자를 UTF-8이 아니라 EUC-KR 바이트로 해시했습니다', 'hashes EUC-KR bytes, not UTF-8', eucKr],
  [
    'utf16',
    'UTF-16 글자를 해시했습니다',
    'hashes UTF-16 text',
    (text) => Buffer.from(text, 'utf16le'),
    (text) => Buffer.from(text, 'utf16le').swap16(),
  ],
]
