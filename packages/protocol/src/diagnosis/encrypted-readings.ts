import { type Reading, readBase64, readingsOf } from './encodings.ts'
import type { Mistake } from './mistake.ts'

/** What an opener of sealed bodies puts up with is no mistake (Q21). */
export const tolerated: ReadonlySet<string> = new Set(['base64_unpadded', 'plus_lost'])

export const joinedTexts: Mistake = {
  id: 'parts_joined',
  ko: 'IV와 암호문을 글자로 이어 붙였습니다',
  en: 'joins IV and sealed bytes as texts',
}

/** Also with an end that does not fit: the text may be cut off. */
const readLoosely = (text: string): readonly Reading[] =>
  /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? [{ bytes: Buffer.from(text, 'base64'), mistake: undefined }] : []

/** Everything that EncData may stand for: encoded in another way first, because that is told by its looks. */
export function encryptedReadings(sealedBody: string): readonly Reading[] {
  const text = sealedBody.replace(/[\r\n]/g, '').replace(/ /g, '+')
  const encoded = readingsOf(text).filter(({ mistake }) => mistake !== undefined && !tolerated.has(mistake.id))
  const plain = readLoosely(text)
  const joined = [...besideEachOther(text), ...plain.flatMap(({ bytes }) => beforeBase64(bytes) ?? [])]
  return [...encoded, ...joined.map((bytes) => ({ bytes, mistake: joinedTexts })), ...plain]
}

/** `IV:text`, both in hexadecimal or both in Base64. */
function besideEachOther(text: string): readonly Uint8Array[] {
  const parts = /^([A-Za-z0-9+/]+={0,2})[:.]([A-Za-z0-9+/]+={0,2})$/.exec(text)?.slice(1) ?? []
  return (['hex', 'base64'] as const)
    .filter((encoding) => parts.length > 0 && parts.every((part) => isIn(encoding, part)))
    .map((encoding) => Buffer.concat(parts.map((part) => Buffer.from(part, encoding))))
}

/** The bytes of the IV and then Base64: openssl_encrypt of PHP without OPENSSL_RAW_DATA. */
function beforeBase64(bytes: Uint8Array): Uint8Array | undefined {
  const encrypted = readBase64(Buffer.from(bytes.subarray(16)).toString('latin1'))
  return encrypted && Buffer.concat([bytes.subarray(0, 16), encrypted])
}

const isIn = (encoding: 'hex' | 'base64', part: string): boolean =>
  Buffer.from(part, encoding).toString(encoding) === (encoding === 'hex' ? part.toLowerCase() : part)
