import { type DiagnosisKeys, type Mistake, type MistakeRow, mistakeOf } from './mistake.ts'

/** The bytes that a text stands for, or undefined when it is not written this way. */
type Read = (text: string) => Uint8Array | undefined

const readBase64: Read = (text) => {
  const bytes = Buffer.from(text, 'base64')
  return text !== '' && bytes.toString('base64') === text ? bytes : undefined
}

/** Node's sample code joins IV and ciphertext with a colon. */
const readHex: Read = (text) =>
  /^([0-9a-f]{2})+(:([0-9a-f]{2})+)?$/.test(text) ? Buffer.from(text.replace(':', ''), 'hex') : undefined
const readUpperHex: Read = (text) =>
  /[A-F]/.test(text) && text === text.toUpperCase() ? readHex(text.toLowerCase()) : undefined

/** Undoes the mistake and reads the rest as Base64. */
const after =
  (undo: (text: string) => string): Read =>
  (text) => {
    const undone = undo(text)
    return undone === text ? undefined : readBase64(undone)
  }

const padded = (text: string): string => (/[^=]$/.test(text) ? text.padEnd(Math.ceil(text.length / 4) * 4, '=') : text)

const urlDecodedOnce = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** URL-decoded, twice where that is needed; the text itself when it is not URL-encoded. */
export const urlDecoded = (text: string): string => urlDecodedOnce(urlDecodedOnce(text))

/** Base64 written wrongly, of a digest and of EncData alike. Undone instead of reproduced, so it costs no digest. */
export const encodingMistakes: readonly MistakeRow<Read>[] = [
  ['hex', '16진수로 썼습니다', 'is written in hexadecimal', readHex],
  ['hex_upper', '대문자 16진수로 썼습니다', 'is written in upper-case hexadecimal', readUpperHex],
  [
    'hex_base64',
    '16진수 글자를 다시 Base64로 썼습니다',
    'is Base64 of the hexadecimal text',
    (text) => readHex(Buffer.from(text, 'base64').toString('latin1').toLowerCase()),
  ],
  [
    'base64_url',
    'URL용 Base64(-, _, = 없음)로 썼습니다',
    'is written in URL-safe Base64 (-, _, no =)',
    after((text) => padded(text.replaceAll('-', '+').replaceAll('_', '/'))),
  ],
  ['url_encoded', 'URL 인코딩을 한 번 더 했습니다', 'is URL-encoded once too often', after(urlDecoded)],
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
]

/** Bytes that a text may stand for, and the mistake made when they were written. */
export interface Reading {
  readonly bytes: Uint8Array
  readonly mistake: Mistake | undefined
}

export const readingsOf = (text: string): readonly Reading[] =>
  [
    [undefined, readBase64(text)] as const,
    ...encodingMistakes.map((row) => [mistakeOf(row), row[3](text)] as const),
  ].flatMap(([mistake, bytes]) => (bytes === undefined ? [] : [{ bytes, mistake }]))

type KeyVariant = readonly [variant: string, key: string | Uint8Array]

const base64Bytes = (key: string): Buffer => Buffer.from(key, 'base64')

/** A wrong MerchantKey, in signatures and EncData alike. */
export const keyMistakes: readonly MistakeRow<(keys: DiagnosisKeys) => readonly KeyVariant[]>[] = [
  [
    'key_other',
    '다른 상점키({})를 썼습니다',
    'uses another MerchantKey, that of {}',
    ({ otherKeys }) => otherKeys.map(({ label, key }) => [label, key]),
  ],
  [
    'key_untrimmed',
    '상점키 앞이나 뒤에 줄바꿈, 빈칸, 따옴표가 있습니다({})',
    'has a line break, a blank or quotes around the MerchantKey ({})',
    ({ merchantKey }) => {
      const around = [...['_\n', '_\r\n', '_ ', ' _', '\n_', '\t_', '\uFEFF_'], ...['"_"', "'_'"]]
      return around.map((text) => [JSON.stringify(text.replace('_', '…')), text.replace('_', () => merchantKey)])
    },
  ],
  [
    'key_recoded',
    '상점키를 받은 글자 그대로 쓰지 않고 바꿔서 썼습니다({})',
    'uses a decoded or re-encoded MerchantKey instead of the issued text ({})',
    ({ merchantKey: key }) => [
      ['Base64 → bytes', base64Bytes(key)],
      ['Base64 → hex', base64Bytes(key).toString('hex')],
      ['Base64 → HEX', base64Bytes(key).toString('hex').toUpperCase()],
      ['Base64(MerchantKey)', Buffer.from(key).toString('base64')],
      ['URL', encodeURIComponent(key)],
      ['+ → " "', key.replaceAll('+', ' ')],
      ['+ → ""', key.replaceAll('+', '')],
      ['= → ""', key.replaceAll('=', '')],
    ],
  ],
]
