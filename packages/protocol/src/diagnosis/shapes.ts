import type { LocalizedText } from '../field-table.ts'

const shapes: readonly (readonly [shape: RegExp, ko: string, en: string])[] = [
  [/^$/, '값이 없습니다', 'It is empty'],
  [/^[0-9a-fA-F]{64}$/, '16진수 64자, SHA-256을 16진수로 쓴 모양입니다', 'It looks like SHA-256 in hexadecimal'],
  [/^[0-9a-fA-F]{32}$/, '16진수 32자, MD5를 16진수로 쓴 모양입니다', 'It looks like MD5 in hexadecimal'],
  [/^[0-9a-fA-F]{40}$/, '16진수 40자, SHA-1을 16진수로 쓴 모양입니다', 'It looks like SHA-1 in hexadecimal'],
  [/^[0-9a-fA-F]{128}$/, '16진수 128자, SHA-512를 16진수로 쓴 모양입니다', 'It looks like SHA-512 in hexadecimal'],
  [/^[A-Za-z0-9+/]{22}==$/, 'MD5를 Base64로 쓴 모양입니다', 'It looks like MD5 in Base64'],
  [/^[A-Za-z0-9+/]{27}=$/, 'SHA-1을 Base64로 쓴 모양입니다', 'It looks like SHA-1 in Base64'],
  [/^[A-Za-z0-9+/]{86}==$/, 'SHA-512를 Base64로 쓴 모양입니다', 'It looks like SHA-512 in Base64'],
  [/%[0-9A-Fa-f]{2}/, 'URL 인코딩된 글자(%2B 등)가 있습니다', 'It holds URL-encoded characters such as %2B'],
  [/^[A-Za-z0-9_-]{43}$/, 'URL용 Base64로 쓴 모양입니다', 'It looks like URL-safe Base64'],
]

/** What a signature looks like that no known mistake gives; undefined when it looks as it should. */
export function shapeOf(given: string): LocalizedText | undefined {
  const found = shapes.find(([shape]) => shape.test(given))
  return found && { ko: found[1], en: found[2] }
}

/** What a sealed body looks like that no known mistake gives; undefined when it looks as it should. */
export function encryptedShapeOf(sealedBody: string): LocalizedText | undefined {
  const text = sealedBody.replace(/[\r\n]/g, '').replace(/ /g, '+')
  if (text === '') return { ko: '값이 없습니다', en: 'It is empty' }
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return { ko: 'Base64가 아닙니다', en: 'It is no Base64' }
  const { length } = Buffer.from(text, 'base64')
  if (length % 16 !== 0)
    return {
      ko: `길이가 ${length}바이트로 16의 배수가 아닙니다. 잘렸거나 CBC가 아닙니다`,
      en: `Its length of ${length} bytes is no multiple of 16: it is cut off, or not sealed in CBC`,
    }
  return [128, 256, 512].includes(length)
    ? {
        ko: `${length}바이트는 RSA로 암호화한 것의 길이이기도 합니다`,
        en: `Its ${length} bytes are also what RSA makes`,
      }
    : undefined
}
