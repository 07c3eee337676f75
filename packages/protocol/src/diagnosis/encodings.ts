import type { Mistake, Row } from './mistake.ts'

/** The bytes that a text stands for, undefined when it is not written like this. */
type Read = (text: string) => Uint8Array | undefined

/** Bytes that a text may stand for, and the mistake that lies between them. */
export interface Reading {
  readonly bytes: Uint8Array
  readonly mistake: Mistake | undefined
}

export const readBase64: Read = (text) => {
  const bytes = Buffer.from(text, 'base64')
  return text !== '' && bytes.toString('base64') === text ? bytes : undefined
}

const readLoosely: Read = (text) => (/^[\w+/-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined)
const readHex: Read = (text) => (/^([0-9a-f]{2})+$/.test(text) ? Buffer.from(text, 'hex') : undefined)
const readUpperHex: Read = (text) =>
  /[A-F]/.test(text) && /^([0-9A-F]{2})+$/.test(text) ? Buffer.from(text, 'hex') : undefined

/** First `change` the text, which must have an effect, then read what remains. */
const after =
  (change: (text: string) => string | undefined, read: Read = readBase64): Read =>
  (text) => {
    const changed = change(text)
    return changed === undefined || changed === text ? undefined : read(changed)
  }

const textOf = (bytes: Uint8Array | undefined): string | undefined =>
  bytes?.every((byte) => byte >= 0x20 && byte < 0x7f) ? Buffer.from(bytes).toString('ascii') : undefined

const textInBase64 = (text: string): string | undefined => textOf(readBase64(text.replace(/\s/g, '')))

const unescaped = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

const unescapedHtml = (text: string): string =>
  text
    .replace(/&#x([0-9a-f]{2});/gi, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replace(/&#(\d{2,3});/g, (_all, digits: string) => String.fromCharCode(Number(digits)))

/** How Base64 comes out wrong, of a digest and of a sealed body alike. */
export const encodingRows: readonly Row<Read>[] = [
  ['hex', '16진수로 썼습니다', 'is written in hexadecimal', readHex],
  ['hex_upper', '대문자 16진수로 썼습니다', 'is written in upper-case hexadecimal', readUpperHex],
  [
    'hex_base64',
    '16진수 글자를 다시 Base64로 썼습니다',
    'is Base64 of the hexadecimal text',
    after(textInBase64, readHex),
    after(textInBase64, readUpperHex),
  ],
  [
    'base64_hex',
    'Base64 글자를 다시 16진수로 썼습니다',
    'is the hexadecimal of its own Base64',
    after((text) => textOf(readHex(text.toLowerCase()))),
  ],
  ['base64_twice', 'Base64를 두 번 했습니다', 'is Base64 of its own Base64', after(textInBase64)],
  [
    'base64_url',
    'URL용 Base64(-, _)로 썼습니다',
    'is written in URL-safe Base64',
    (text) => (/[-_]/.test(text) ? readLoosely(text) : undefined),
  ],
  [
    'base64_unpadded',
    'Base64 끝의 = 가 없습니다',
    'lacks the = at the end of its Base64',
    (text) => (/^[A-Za-z0-9+/]+$/.test(text) && text.length % 4 > 1 ? readLoosely(text) : undefined),
  ],
  ['url_encoded', 'URL 인코딩을 한 번 더 했습니다', 'is URL-encoded once too often', after(unescaped)],
  [
    'url_encoded_twice',
    'URL 인코딩을 두 번 더 했습니다',
    'is URL-encoded twice too often',
    after(unescaped, after(unescaped)),
  ],
  [
    'html_escaped',
    'HTML 문자 참조(&#43; 등)가 남아 있습니다',
    'still holds HTML references such as &#43;',
    after(unescapedHtml),
  ],
  [
    'plus_lost',
    '+ 가 빈칸으로 바뀌었습니다(URL 인코딩 누락)',
    'has lost its + to a blank: it was not URL-encoded',
    after((text) => text.replaceAll(' ', '+')),
  ],
  [
    'line_end',
    '줄바꿈이나 빈칸이 붙어 있습니다',
    'has a line break or a blank around it',
    after((text) => text.replace(/\s|\\[rn]/g, '')),
  ],
  ['quoted', '따옴표가 붙어 있습니다', 'stands in quotes', after((text) => text.replace(/^(["'])(.*)\1$/s, '$2'))],
]

/** Everything that the text may stand for, the right reading first. */
export function readingsOf(text: string): readonly Reading[] {
  const bytes = readBase64(text)
  const right: readonly Reading[] = bytes === undefined ? [] : [{ bytes, mistake: undefined }]
  const wrong = encodingRows.flatMap(([id, ko, en, ...reads]) =>
    reads.flatMap((read) => {
      const found = read(text)
      return found === undefined ? [] : [{ bytes: found, mistake: { id, ko, en } }]
    }),
  )
  return [...right, ...wrong]
}
