import type { WireText } from './field-table.ts'
import type { Charset } from './formats.ts'
import { textOf } from './message-codec.ts'
import { paymentRequest } from './messages/payment-request.ts'
import { characterOf, pairOf } from './windows-949.ts'

const replacement = '\uFFFD'
const loneSurrogate = /^\p{Cs}$/u

/** The text has a character that the charset cannot encode. It is never replaced by `?` (Q45). */
export class CharsetError extends Error {
  readonly character: string
  readonly charset: Charset

  constructor(character: string, charset: Charset) {
    const codePoint = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    super(`U+${codePoint} cannot be written in ${charset}`)
    this.name = 'CharsetError'
    this.character = character
    this.charset = charset
  }
}

const isWritable = (character: string, charset: Charset): boolean => {
  if (character <= '\x7F') return true
  return charset === 'utf-8' ? !loneSurrogate.test(character) : pairOf(character) !== undefined
}

/** The first character (by code point) that the charset cannot encode, or undefined. */
export function firstUnwritable(text: string, charset: Charset): string | undefined {
  for (const character of text) if (!isWritable(character, charset)) return character
  return undefined
}

/**
 * Encodes a text; `euc-kr` means windows-949, as in browsers (Q44).
 *
 * @throws CharsetError for a character outside the charset
 */
export function encodeText(text: string, charset: Charset): Uint8Array {
  const unwritable = firstUnwritable(text, charset)
  if (unwritable !== undefined) throw new CharsetError(unwritable, charset)
  if (charset === 'utf-8') return new TextEncoder().encode(text)

  const bytes = new Uint8Array(text.length * 2)
  let length = 0
  for (const character of text) {
    const pair = pairOf(character)
    if (pair === undefined) {
      bytes[length++] = character.charCodeAt(0)
    } else {
      bytes[length++] = pair >> 8
      bytes[length++] = pair & 0xff
    }
  }
  return bytes.slice(0, length)
}

/** Decodes bytes as browsers do: malformed sequences become U+FFFD. Never throws. */
export function decodeText(bytes: Uint8Array, charset: Charset): string {
  if (charset === 'utf-8') return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)

  let text = ''
  for (let at = 0; at < bytes.length; at++) {
    const lead = bytes[at] ?? 0
    if (lead < 0x80) {
      text += String.fromCharCode(lead)
      continue
    }
    const trail = bytes[at + 1] ?? 0
    const character = characterOf((lead << 8) | trail)
    text += character ?? replacement
    // An ASCII byte after a broken lead stands for itself, so that it cannot swallow `&` or `"`.
    if (character !== undefined || (isLead(lead) && trail >= 0x80)) at++
  }
  return text
}

const isLead = (byte: number): boolean => byte >= 0x81 && byte <= 0xfe

/**
 * application/x-www-form-urlencoded in the bytes of the charset. Every byte of a non-ASCII character is escaped, also a
 * second byte that looks like a letter: java.net.URLDecoder reads only an unbroken run of escapes as one character.
 * Throws {@link CharsetError}.
 */
export function encodeForm(fields: WireText, charset: Charset): string {
  return Object.entries(fields)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${escaped(name, charset)}=${escaped(value, charset)}`]))
    .join('&')
}

function escaped(text: string, charset: Charset): string {
  let result = ''
  for (const character of text) {
    if (/^[A-Za-z0-9*._-]$/.test(character)) result += character
    else if (character === ' ') result += '+'
    else for (const byte of encodeText(character, charset)) result += `%${hexadecimal(byte)}`
  }
  return result
}

const hexadecimal = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0')

/** A decoded form, by wire names. */
export interface DecodedForm {
  /** Has no prototype, so that any field name is safe. A repeated name keeps its first value. */
  readonly fields: WireText
  /** Names that occur more than once with different values. */
  readonly repeated: readonly string[]
}

/**
 * Reads application/x-www-form-urlencoded. Never throws: a broken escape stands for itself, broken bytes become U+FFFD.
 */
export function decodeForm(body: Uint8Array, charset: Charset): DecodedForm {
  const fields: Record<string, string> = Object.create(null)
  const repeated = new Set<string>()
  for (const [nameBytes, valueBytes] of pairsOf(body)) {
    const name = decodeText(nameBytes, charset)
    const value = decodeText(valueBytes, charset)
    const first = fields[name]
    if (first === undefined) fields[name] = value
    else if (first !== value) repeated.add(name)
  }
  return { fields, repeated: [...repeated] }
}

const ampersand = 0x26
const equals = 0x3d

function* pairsOf(body: Uint8Array): Generator<readonly [Uint8Array, Uint8Array]> {
  let start = 0
  while (start <= body.length) {
    const found = body.indexOf(ampersand, start)
    const end = found === -1 ? body.length : found
    const pair = body.subarray(start, end)
    const split = pair.indexOf(equals)
    if (pair.length > 0 && split === -1) yield [unescaped(pair), new Uint8Array()]
    else if (pair.length > 0) yield [unescaped(pair.subarray(0, split)), unescaped(pair.subarray(split + 1))]
    start = end + 1
  }
}

function unescaped(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    const high = hexadecimalDigit(bytes[at + 1])
    const low = hexadecimalDigit(bytes[at + 2])
    if (byte === 0x25 && high !== undefined && low !== undefined) {
      result[length++] = high * 16 + low
      at += 2
    } else {
      result[length++] = byte === 0x2b ? 0x20 : byte
    }
  }
  return result.subarray(0, length)
}

function hexadecimalDigit(byte: number | undefined): number | undefined {
  if (byte === undefined) return undefined
  const value = Number.parseInt(String.fromCharCode(byte), 16)
  return Number.isNaN(value) ? undefined : value
}

const charsetNames: ReadonlyMap<string, Charset> = new Map([
  ...['utf-8', 'utf8'].map((name) => [name, 'utf-8'] as const),
  ...['euc-kr', 'euckr', 'cp949', 'ms949', 'windows-949', 'uhc', 'ksc5601', 'ks_c_5601-1987', 'x-windows-949'].map(
    (name) => [name, 'euc-kr'] as const,
  ),
])

/**
 * The charset of a form body: the `charset` of its content type, else its `_charset_` field, else UTF-8 or EUC-KR by
 * its bytes. Where they are both, because 345 syllables of windows-949 are also Latin letters of UTF-8 (치킨 is ġŲ): its
 * `charset` field, else the charset that it wants answers in, else the reading that is Hangul (Q62).
 */
export function guessFormCharset(body: Uint8Array, contentType: string | undefined): Charset {
  const parameter = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? '')?.[1]
  const { fields } = decodeForm(body, 'utf-8')
  const named = (name: string | undefined): Charset | undefined => charsetNames.get((name ?? '').toLowerCase())
  const declared = named(parameter) ?? named(fields._charset_)
  if (declared !== undefined) return declared
  const bytes = unescaped(body)
  if (!isUtf8(bytes)) return 'euc-kr'
  if (!isAlsoHangul(bytes)) return 'utf-8'
  return named(fields.charset) ?? named(textOf(paymentRequest, fields, 'answerCharset')) ?? readingOf(bytes)
}

/** Whether everything beyond ASCII is a Hangul syllable in windows-949 and a letter below U+0240 in UTF-8. */
function isAlsoHangul(bytes: Uint8Array): boolean {
  const beyondAscii = decodeText(bytes, 'utf-8').replace(/[\0-\x7F]/g, '')
  return /^[\x80-\u023F]+$/.test(beyondAscii) && /^[\0-\x7F\uAC00-\uD7A3]+$/.test(decodeText(bytes, 'euc-kr'))
}

const accentInWord = /(?<=[A-Za-z0-9])[\xA0-\xFF](?![\x80-\u023F])|(?<![\x80-\u023F])[\xA0-\xFF](?=[a-z])/g

/** Western text has its accents one at a time, in words: café, 4°C. */
const readingOf = (bytes: Uint8Array): Charset =>
  /^[\0-\x7F]*$/.test(decodeText(bytes, 'utf-8').replace(accentInWord, '')) ? 'utf-8' : 'euc-kr'

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
