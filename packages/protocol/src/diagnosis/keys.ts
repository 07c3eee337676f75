import type { Row } from './mistake.ts'
import type { Bytes } from './recipe.ts'

/** A key that a shop may have taken in place of the right one. */
export interface NamedKey {
  /** Shown in the explanation: a Mid, or the name of an environment. Never the key. */
  readonly label: string
  readonly key: string
}

type KeyChange = (key: string) => Bytes

const pemNames = ['PRIVATE KEY', 'RSA PRIVATE KEY', 'PUBLIC KEY', 'RSA PUBLIC KEY']

const inLines = (key: string, width: number): string =>
  Array.from({ length: Math.ceil(key.length / width) }, (_line, index) =>
    key.slice(index * width, (index + 1) * width),
  ).join('\n')

/** PKCS#1 and PKCS#8 files as tools write them, the text of the key as their body. */
const asPem: readonly KeyChange[] = pemNames.flatMap((name) =>
  [64, 1000].flatMap((width) =>
    ['', '\n'].map(
      (end) => (key: string) => `-----BEGIN ${name}-----\n${inLines(key, width)}\n-----END ${name}-----${end}`,
    ),
  ),
)

/** How a MerchantKey comes out wrong, for signatures and sealed bodies alike. */
export const keyRows: readonly Row<KeyChange>[] = [
  ['key_line_end', '상점키 끝에 줄바꿈이 있습니다', 'has a line break after the MerchantKey', (key) => `${key}\n`],
  [
    'key_line_end_windows',
    '상점키 끝에 줄바꿈(CRLF)이 있습니다',
    'has a CRLF after the MerchantKey',
    (key) => `${key}\r\n`,
  ],
  ['key_blank_after', '상점키 끝에 빈칸이 있습니다', 'has a blank after the MerchantKey', (key) => `${key} `],
  [
    'key_blank_before',
    '상점키 앞에 빈칸이나 줄바꿈이 있습니다',
    'has a blank or a line break before the MerchantKey',
    ...[' ', '\n', '\r\n', '\t', '\uFEFF'].map((before) => (key: string) => `${before}${key}`),
  ],
  [
    'key_quoted',
    '상점키에 따옴표가 붙어 있습니다',
    'has the MerchantKey in quotes',
    ...['"', "'"].map((quote) => (key: string) => `${quote}${key}${quote}`),
  ],
  [
    'key_unpadded',
    '상점키 끝의 = 가 빠졌습니다',
    'lacks the = at the end of the MerchantKey',
    (key) => key.replace(/={1,2}$/, ''),
    (key) => key.replace(/=$/, ''),
  ],
  [
    'key_decoded',
    '상점키를 Base64로 풀어서 썼습니다',
    'uses the MerchantKey decoded from Base64',
    (key) => Buffer.from(key, 'base64'),
  ],
  [
    'key_decoded_hex',
    '상점키를 Base64로 풀어 16진수로 썼습니다',
    'uses the MerchantKey decoded from Base64, in hexadecimal',
    (key) => Buffer.from(key, 'base64').toString('hex'),
    (key) => Buffer.from(key, 'base64').toString('hex').toUpperCase(),
  ],
  [
    'key_encoded',
    '상점키를 다시 Base64로 썼습니다',
    'uses the MerchantKey encoded in Base64 once more',
    (key) => Buffer.from(key).toString('base64'),
  ],
  [
    'key_url_encoded',
    '상점키를 URL 인코딩했습니다',
    'uses the MerchantKey URL-encoded',
    (key) => encodeURIComponent(key),
  ],
  [
    'key_plus_lost',
    '상점키의 + 가 빈칸으로 바뀌었거나 사라졌습니다',
    'has the + of the MerchantKey turned into blanks, or lost',
    (key) => key.replaceAll('+', ' '),
    (key) => key.replaceAll('+', ''),
  ],
  ['key_lower', '상점키를 소문자로 바꿨습니다', 'has the MerchantKey in lower case', (key) => key.toLowerCase()],
  ['key_upper', '상점키를 대문자로 바꿨습니다', 'has the MerchantKey in upper case', (key) => key.toUpperCase()],
  [
    'key_pem',
    '상점키를 PEM(-----BEGIN) 파일로 감쌌습니다',
    'wraps the MerchantKey in a PEM file (-----BEGIN)',
    ...asPem,
  ],
  [
    'key_lines',
    '상점키 안에 줄바꿈이 있습니다',
    'has a line break inside the MerchantKey',
    ...[64, 76].flatMap((width) => [
      (key: string) => inLines(key, width),
      (key: string) => inLines(key, width).replaceAll('\n', '\r\n'),
    ]),
  ],
]

/** One row for each key of another merchant or another environment. */
export const otherKeyRows = (otherKeys: readonly NamedKey[]): readonly Row<KeyChange>[] =>
  otherKeys.map(({ label, key }) => [
    'key_other',
    `다른 상점키(${label})를 썼습니다`,
    `uses another MerchantKey, that of ${label}`,
    () => key,
  ])
