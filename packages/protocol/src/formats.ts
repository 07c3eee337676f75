import type { Format, LocalizedText } from './field-table.ts'

const plainText = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]+$/u

interface Pattern {
  readonly maxLength: number
  readonly toleratedLength?: number
  readonly pattern: RegExp
  readonly hint: LocalizedText
  readonly examples: readonly [string, ...string[]]
}

/** A text that matches a pattern. */
export const matching = ({ maxLength, toleratedLength, pattern, hint, examples }: Pattern): Format<string> => ({
  maxLength,
  ...(toleratedLength === undefined ? {} : { toleratedLength }),
  hint,
  examples,
  pattern,
  read: (text) => (pattern.test(text) ? text : undefined),
  write: (value) => value,
})

/** Hangul letters that form a syllable, and a character with its combining marks. */
const decomposed = /[\u1100-\u1112][\u1161-\u1175][\u11A8-\u11C2]?|[\uAC00-\uD7A3][\u11A8-\u11C2]|\P{M}\p{M}+/gu

/**
 * NFC of what is decomposed (NFD, as macOS writes file names) and nothing else (Q43): NFC also replaces characters of
 * windows-949, such as U+212B and compatibility ideographs, by others that it cannot write.
 */
const composed = (given: string): string =>
  given.normalize('NFC') === given ? given : given.replace(decomposed, (sequence) => sequence.normalize('NFC'))

/** Free text: everything but control characters, line breaks and overrides of the reading direction. */
export const text = (maxLength: number, ...examples: [string, ...string[]]): Format<string> => ({
  ...matching({
    maxLength,
    pattern: plainText,
    hint: { ko: '제어 문자와 줄바꿈을 뺀 글자', en: 'text without control characters or line breaks' },
    examples,
  }),
  normalize: composed,
})

/**
 * Text that the shop encodes as Base64 and receives back unchanged; read as any text, because some shops send it plain.
 */
export const note = (maxLength: number): Format<string> =>
  matching({
    maxLength,
    pattern: plainText,
    hint: { ko: 'Base64로 인코딩한 글자', en: 'text encoded as Base64' },
    examples: ['7ZWc6riAIOyYiOu5hA==', 'bm90ZQ==', 'b3JkZXI9MTs='],
  })

/** Also reads longer values where the guide's sample exceeds its table, but never writes them (Q08). */
export const tolerating = <Value>(toleratedLength: number, format: Format<Value>): Format<Value> => ({
  ...format,
  toleratedLength,
})

/** Letters and digits. */
export const alphanumeric = (maxLength: number, ...examples: [string, ...string[]]): Format<string> =>
  matching({
    maxLength,
    pattern: /^[A-Za-z0-9]+$/,
    hint: { ko: '영문 대·소문자와 숫자', en: 'letters A–Z, a–z and digits' },
    examples,
  })

/**
 * Letters, digits, `_` and `-` (Q12): the guide's sample order id has an underscore although its table forbids special
 * characters.
 */
export const orderNumber = (maxLength: number): Format<string> =>
  matching({
    maxLength,
    pattern: /^[A-Za-z0-9_-]+$/,
    hint: { ko: '영문, 숫자, _ 와 -', en: 'letters, digits, _ and -' },
    examples: ['Moid_20210118154643', 'ORD0001', 'order-2025-01'],
  })

/** Digits with the separators that people write, `+82` too; only the digits are compared (Q47, Q61). */
export const phoneNumber = (maxLength: number): Format<string> => ({
  ...matching({
    maxLength,
    pattern: /^[(+]{0,2}[0-9][0-9 ()./~-]*$/,
    hint: { ko: '숫자와 -, 예: 01012345678', en: 'digits and hyphens, for example 01012345678' },
    examples: ['01099991111', '010-1234-5678', '+82 10-1234-5678', '(02)1234-5678', '010.1234.5678'],
  }),
  normalize: (given) =>
    trimmed(
      given
        .normalize('NFKC')
        .replace(/\p{Cf}/gu, '')
        .replace(/[\u2010-\u2015\u2212]/g, '-'),
    ),
})

const trimmed = (given: string): string => given.replace(/^ +| +$/g, '')

/** One `@` with text on both sides; deliverability is not checked (Q61). */
export const emailAddress = (maxLength: number): Format<string> => ({
  ...matching({
    maxLength,
    pattern: /^[^\s@<>"\p{Cc}\p{Cs}]+@[^\s@<>"'\p{Cc}\p{Cs}]+$/u,
    hint: { ko: '메일 주소, 예: noname@example.com', en: 'an e-mail address, for example noname@example.com' },
    examples: ['noname@example.com', 'a@b', 'first.last+tag@shop.example', "o'brien@example.com"],
  }),
  normalize: trimmed,
})

/**
 * IPv4 or IPv6, checked loosely: it is passed on, never connected to (Q57). An IPv4 address that a dual-stack socket
 * reports as IPv6 (`::ffff:192.0.2.1`) is written as IPv4.
 */
export const ipAddress = (maxLength: number): Format<string> => ({
  ...matching({
    maxLength,
    pattern: /^[0-9A-Fa-f.:]+$/,
    hint: { ko: 'IP 주소', en: 'an IP address' },
    examples: ['10.0.0.1', '::1'],
  }),
  normalize: (given) => given.replace(/^::ffff:(?=[0-9]+\.)/i, ''),
})

/** Digits as text, leading zeros kept. */
export const digits = (maxLength: number, ...examples: [string, ...string[]]): Format<string> =>
  matching({ maxLength, pattern: /^[0-9]+$/, hint: { ko: '숫자', en: 'digits' }, examples })

/** Two-character codes of companies and methods. An unknown code is passed on unchanged. */
export const code = (maxLength: number, ...examples: [string, ...string[]]): Format<string> =>
  matching({
    maxLength,
    pattern: /^[A-Za-z0-9*]+$/,
    hint: { ko: '코드(영문과 숫자)', en: 'a code of letters and digits' },
    examples,
  })

/**
 * Base64 of a digest. Read loosely, so that a digest in a wrong encoding is rejected as a wrong signature and can be
 * explained.
 */
export const digest = (toleratedLength: number): Format<string> =>
  matching({
    maxLength: 44,
    toleratedLength,
    pattern: plainText,
    hint: { ko: 'SHA-256 값 32바이트의 Base64, 44자', en: 'Base64 of the 32 bytes of SHA-256, 44 characters' },
    examples: ['pNd9jRfj4PvYuA5SVDoUDld7Jnc95L5bVj/FPkRwodc='],
  })

/** An opaque token. */
export const opaque = (maxLength: number, ...examples: [string, ...string[]]): Format<string> =>
  matching({
    maxLength,
    pattern: /^[\x21-\x7E]+$/,
    hint: { ko: '받은 값을 그대로', en: 'the value exactly as received' },
    examples,
  })

/** Base64, also with the line breaks of old encoders and with blanks in place of `+` from unescaped forms. */
export const wrappedBase64 = (maxLength: number, ...examples: [string, ...string[]]): Format<string> =>
  matching({
    maxLength,
    pattern: /^[A-Za-z0-9+/= \r\n]+$/,
    hint: { ko: 'Base64', en: 'Base64' },
    examples,
  })

/** Absolute http or https address without user name or password. */
export const url = (maxLength: number): Format<string> => ({
  maxLength,
  hint: {
    ko: 'http:// 또는 https:// 로 시작하는 전체 주소',
    en: 'a full address that starts with http:// or https://',
  },
  examples: ['https://shop.example/return', 'http://localhost:4600/return?order=1'],
  read(given) {
    if (!/^https?:\/\/[^\s\\]+$/i.test(given) || !plainText.test(given) || !URL.canParse(given)) return undefined
    const { username, password } = new URL(given)
    return username === '' && password === '' ? given : undefined
  },
  write: (value) => value,
})

const wholeNumber = (pattern: RegExp, mostDigits = 15) => ({
  pattern,
  read: (given: string) => (pattern.test(given) && given.length <= mostDigits ? Number(given) : undefined),
})

/** Whole Korean won: digits only, no sign, no separator, no leading zero. */
export const won = (maxLength: number): Format<number> => ({
  maxLength,
  hint: { ko: '숫자만(원), 쉼표·부호·앞자리 0 없이', en: 'whole won: digits only, no separator, sign or leading zero' },
  examples: [1004, 100, 10 ** maxLength - 1],
  ...wholeNumber(/^(0|[1-9][0-9]*)$/),
  write: (value) => (Number.isSafeInteger(value) && value >= 0 ? String(value) : 'not won'),
})

/** A whole number from 1. */
export const count = (maxLength: number): Format<number> => ({
  maxLength,
  hint: { ko: '1 이상의 숫자', en: 'a number of 1 or more' },
  examples: [1, 2, 10 ** maxLength - 1],
  ...wholeNumber(/^[1-9][0-9]*$/),
  write: (value) => (Number.isSafeInteger(value) && value >= 1 ? String(value) : 'not a count'),
})

/** A {@link count} that is also read with leading zeros. */
export const sequenceNumber = (maxLength: number): Format<number> => ({
  ...count(maxLength),
  ...wholeNumber(/^0*[1-9][0-9]*$/, maxLength),
})

/** 0 is a lump sum, else 2 to 12 months. */
export const installmentMonths: Format<number> = {
  maxLength: 2,
  hint: { ko: '00(일시불), 02~12', en: '00 (lump sum), 02 to 12' },
  examples: [0, 2, 12],
  ...wholeNumber(/^(00|0[2-9]|1[0-2])$/),
  write: (value) => String(value).padStart(2, '0'),
}

/** Exactly one of the values, in that case. */
export const oneOf = <const Value extends string>(
  maxLength: number,
  ...values: readonly [Value, ...Value[]]
): Format<Value> => ({
  maxLength,
  hint: { ko: `다음 중 하나: ${values.join(', ')}`, en: `one of ${values.join(', ')}` },
  examples: values,
  pattern: new RegExp(`^(${values.join('|')})$`),
  read: (given) => values.find((value) => value === given),
  write: (value) => value,
})

/** `Y` and `N`. */
export const yesNo: Format<boolean> = {
  maxLength: 1,
  hint: { ko: 'Y 또는 N', en: 'Y or N' },
  examples: [true, false],
  pattern: /^[YN]$/,
  read: (given) => (given === 'Y' || given === 'N' ? given === 'Y' : undefined),
  write: (value) => (value ? 'Y' : 'N'),
}

/** The two character sets of the wire. `euc-kr` stands for windows-949, which Korean servers mean by it. */
export type Charset = 'utf-8' | 'euc-kr'

/**
 * `utf8` and `euckr` in the guide's table, `utf-8 or euc-kr` in its sample: all are read, the table's are written
 * (Q11).
 */
export const charsetName: Format<Charset> = {
  maxLength: 6,
  toleratedLength: 14,
  hint: { ko: 'utf8 또는 euckr', en: 'utf8 or euckr' },
  examples: ['utf-8', 'euc-kr'],
  read(given) {
    const name = given.toLowerCase()
    if (name === 'utf8' || name === 'utf-8') return 'utf-8'
    return name === 'euckr' || name === 'euc-kr' ? 'euc-kr' : undefined
  },
  write: (value) => (value === 'utf-8' ? 'utf8' : 'euckr'),
}

/** The four colours of the payment window (SkinColor). */
export const skins = ['RED', 'GREEN', 'BLUE', 'PURPLE'] as const
/** A colour of the payment window. */
export type Skin = (typeof skins)[number]

const skinPattern = /^[A-Za-z0-9_-]+$/

/** A word that names no skin is the default, RED (Q29). */
export const skinColor: Format<Skin> = {
  maxLength: 10,
  hint: { ko: 'RED(기본값), GREEN, BLUE, PURPLE', en: 'RED (default), GREEN, BLUE, PURPLE' },
  examples: skins,
  pattern: skinPattern,
  read: (given) =>
    skinPattern.test(given) ? (skins.find((skin) => skin === given.toUpperCase()) ?? 'RED') : undefined,
  write: (value) => value,
}

/** One character by the guide's table, which writes its default as two asterisks (Q30). */
export const taxCode: Format<string> = matching({
  maxLength: 1,
  toleratedLength: 2,
  pattern: /^[A-Za-z0-9*]+$/,
  hint: { ko: '한 자리 코드, 비우면 기본값', en: 'a one-character code, empty for the default' },
  examples: ['1', '0'],
})
