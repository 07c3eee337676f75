import type { Words } from '../field-table.ts'
import { type Digest, hashed, keyed, type Part, type Recipe } from './recipe.ts'

/** What about the recipe is wrong: two mistakes found together are of different kinds. */
export type Kind = 'digest' | 'key' | 'order' | 'separator' | 'amount' | 'date' | 'merchantId'

export interface Mistake extends Words {
  readonly id: string
  readonly kind: Kind
  /** The right recipe as somebody with this mistake writes it. */
  readonly change: (right: Recipe) => Recipe
}

const mistake = (kind: Kind, id: string, ko: string, en: string, change: Mistake['change']): Mistake => ({
  ...{ kind, id, ko, en },
  change,
})

const digests: readonly (readonly [id: string, ko: string, en: string, digest: Digest])[] = [
  ['hex', '16진수로 썼습니다', 'is written in hexadecimal', hashed('sha256', 'hex')],
  ['hex_upper', '대문자 16진수로 썼습니다', 'is written in upper-case hexadecimal', upper(hashed('sha256', 'hex'))],
  [
    'hex_base64',
    '16진수 글자를 다시 Base64로 썼습니다',
    'is Base64 of the hexadecimal text',
    base64Of(hashed('sha256', 'hex')),
  ],
  ['base64_url', 'URL용 Base64(-, _)로 썼습니다', 'is written in URL-safe Base64', hashed('sha256', 'base64url')],
  [
    'base64_unpadded',
    'Base64 끝의 = 가 없습니다',
    'lacks the = at the end of its Base64',
    unpadded(hashed('sha256', 'base64')),
  ],
  ['base64_twice', 'Base64를 두 번 했습니다', 'is Base64 of its own Base64', base64Of(hashed('sha256', 'base64'))],
  [
    'url_encoded',
    'URL 인코딩을 두 번 했습니다',
    'is URL-encoded twice',
    (joined, key) => encodeURIComponent(hashed('sha256', 'base64')(joined, key)),
  ],
  [
    'plus_lost',
    '+ 가 빈칸으로 바뀌었습니다(URL 인코딩 누락)',
    'has lost its + to a blank: it was not URL-encoded',
    (joined, key) => hashed('sha256', 'base64')(joined, key).replaceAll('+', ' '),
  ],
  ['md5_hex', 'MD5를 16진수로 썼습니다', 'is MD5 in hexadecimal', hashed('md5', 'hex')],
  ['md5_base64', 'MD5를 Base64로 썼습니다', 'is MD5 in Base64', hashed('md5', 'base64')],
  ['md5_hex_base64', '옛 예제의 MD5 방식입니다', 'is the MD5 of old samples', base64Of(hashed('md5', 'hex'))],
  ['sha1_base64', 'SHA-1을 썼습니다', 'is SHA-1', hashed('sha1', 'base64')],
  ['sha1_hex', 'SHA-1을 16진수로 썼습니다', 'is SHA-1 in hexadecimal', hashed('sha1', 'hex')],
  ['sha512_base64', 'SHA-512를 썼습니다', 'is SHA-512', hashed('sha512', 'base64')],
  ['sha512_hex', 'SHA-512를 16진수로 썼습니다', 'is SHA-512 in hexadecimal', hashed('sha512', 'hex')],
  ['hmac_base64', '상점키를 키로 쓴 HMAC입니다', 'is an HMAC keyed with the MerchantKey', keyed('base64')],
  [
    'hmac_hex',
    '상점키를 키로 쓴 HMAC의 16진수입니다',
    'is an HMAC keyed with the MerchantKey, in hexadecimal',
    keyed('hex'),
  ],
  [
    'utf16',
    'UTF-16 글자를 해시했습니다',
    'hashes UTF-16 text',
    (joined, key) => hashed('sha256', 'base64')(Buffer.from(Buffer.from(joined).toString('utf8'), 'utf16le'), key),
  ],
]

function upper(digest: Digest): Digest {
  return (joined, key) => digest(joined, key).toUpperCase()
}
function unpadded(digest: Digest): Digest {
  return (joined, key) => digest(joined, key).replace(/=+$/, '')
}
function base64Of(digest: Digest): Digest {
  return (joined, key) => Buffer.from(digest(joined, key), 'ascii').toString('base64')
}

const keys: readonly (readonly [id: string, ko: string, en: string, change: (key: string) => string | Uint8Array])[] = [
  ['key_missing', '상점키를 넣지 않았습니다', 'leaves out the MerchantKey', () => ''],
  ['key_line_end', '상점키 끝에 줄바꿈이 있습니다', 'has a line break after the MerchantKey', (key) => `${key}\n`],
  [
    'key_line_end_windows',
    '상점키 끝에 줄바꿈(CRLF)이 있습니다',
    'has a CRLF after the MerchantKey',
    (key) => `${key}\r\n`,
  ],
  ['key_blank_after', '상점키 끝에 빈칸이 있습니다', 'has a blank after the MerchantKey', (key) => `${key} `],
  ['key_quoted', '상점키에 따옴표가 붙어 있습니다', 'has the MerchantKey in quotes', (key) => `"${key}"`],
  [
    'key_unpadded',
    '상점키 끝의 = 가 빠졌습니다',
    'lacks the = at the end of the MerchantKey',
    (key) => key.replace(/=+$/, ''),
  ],
  [
    'key_cut',
    '상점키의 앞 32자만 썼습니다(회원 삭제용입니다)',
    'uses only the first 32 characters of the MerchantKey, as the deletion does',
    (key) => key.slice(0, 32),
  ],
  [
    'key_decoded',
    '상점키를 Base64로 풀어서 썼습니다',
    'uses the MerchantKey decoded from Base64',
    (key) => Buffer.from(key, 'base64'),
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
    '상점키의 + 가 빈칸으로 바뀌었습니다',
    'has the + of the MerchantKey turned into blanks',
    (key) => key.replaceAll('+', ' '),
  ],
  ['key_lower', '상점키를 소문자로 바꿨습니다', 'has the MerchantKey in lower case', (key) => key.toLowerCase()],
  ['key_upper', '상점키를 대문자로 바꿨습니다', 'has the MerchantKey in upper case', (key) => key.toUpperCase()],
]

const amounts: readonly (readonly [id: string, ko: string, en: string, change: (amount: string) => string])[] = [
  [
    'amount_commas',
    '금액에 쉼표가 있습니다',
    'has commas in the amount',
    (amount) => amount.replace(/\B(?=(\d{3})+$)/g, ','),
  ],
  ['amount_blank_before', '금액 앞에 빈칸이 있습니다', 'has a blank before the amount', (amount) => ` ${amount}`],
  [
    'amount_blank_after',
    '금액과 상점키 사이에 빈칸이 있습니다',
    'has a blank between the amount and the MerchantKey',
    (amount) => `${amount} `,
  ],
  ['amount_decimals', '금액에 소수점(.00)이 있습니다', 'has decimals (.00) in the amount', (amount) => `${amount}.00`],
  ['amount_decimal', '금액에 소수점(.0)이 있습니다', 'has a decimal (.0) in the amount', (amount) => `${amount}.0`],
  ['amount_unit', '금액에 원이 붙어 있습니다', 'has 원 after the amount', (amount) => `${amount}원`],
  [
    'amount_padded',
    '금액을 12자리로 채웠습니다',
    'has the amount filled up to 12 digits',
    (amount) => amount.padStart(12, '0'),
  ],
  ['amount_missing', '금액을 넣지 않았습니다', 'leaves out the amount', () => ''],
]

const dates: readonly (readonly [id: string, ko: string, en: string, change: (date: string) => string])[] = [
  ['date_day', 'EdiDate의 날짜만 썼습니다', 'uses only the day of EdiDate', (date) => date.slice(0, 8)],
  ['date_minute', 'EdiDate의 초를 뺐습니다', 'leaves out the seconds of EdiDate', (date) => date.slice(0, 12)],
  [
    'date_short',
    'EdiDate의 연도를 2자리로 썼습니다',
    'has two digits for the year of EdiDate',
    (date) => date.slice(2),
  ],
  ['date_missing', 'EdiDate를 넣지 않았습니다', 'leaves out EdiDate', () => ''],
]

const separators: readonly (readonly [id: string, text: string])[] = [
  ['comma', ','],
  ['bar', '|'],
  ['ampersand', '&'],
  ['blank', ' '],
  ['colon', ':'],
  ['hyphen', '-'],
  ['line_end', '\n'],
]

const partNames: Readonly<Record<Part, string>> = {
  date: 'EdiDate',
  merchantId: 'Mid',
  amount: 'Amt',
  key: 'MerchantKey',
}

const permutations = (parts: readonly Part[]): readonly (readonly Part[])[] =>
  parts.length === 0
    ? [[]]
    : parts.flatMap((part) => permutations(parts.filter((other) => other !== part)).map((rest) => [part, ...rest]))

const orders: readonly Mistake[] = permutations(['date', 'merchantId', 'amount', 'key'])
  .slice(1)
  .map((order) => {
    const names = order.map((part) => partNames[part]).join('+')
    const id = `order_${order.join('_')}`
    return mistake('order', id, `순서가 ${names} 입니다`, `joins in the order ${names}`, (right) => ({
      ...right,
      order,
    }))
  })

/** Every mistake of which one alone, or one of another kind beside it, is looked for. */
export const mistakes: readonly Mistake[] = [
  ...digests.map(([id, ko, en, digest]) => mistake('digest', id, ko, en, (right) => ({ ...right, digest }))),
  ...keys.map(([id, ko, en, change]) =>
    mistake('key', id, ko, en, (right) => ({ ...right, key: change(String(right.key)) })),
  ),
  ...amounts.map(([id, ko, en, change]) =>
    mistake('amount', id, ko, en, (right) => ({ ...right, amount: change(right.amount) })),
  ),
  ...dates.map(([id, ko, en, change]) =>
    mistake('date', id, ko, en, (right) => ({ ...right, date: change(right.date) })),
  ),
  ...separators.map(([id, separator]) =>
    mistake(
      'separator',
      `separator_${id}`,
      `값 사이에 구분자 ${JSON.stringify(separator)} 가 있습니다`,
      `joins with ${JSON.stringify(separator)} between the values`,
      (right) => ({ ...right, separator }),
    ),
  ),
  mistake('merchantId', 'merchant_id_upper', 'Mid를 대문자로 썼습니다', 'has Mid in upper case', (right) => ({
    ...right,
    merchantId: right.merchantId.toUpperCase(),
  })),
  mistake('merchantId', 'merchant_id_lower', 'Mid를 소문자로 썼습니다', 'has Mid in lower case', (right) => ({
    ...right,
    merchantId: right.merchantId.toLowerCase(),
  })),
  mistake('merchantId', 'merchant_id_missing', 'Mid를 넣지 않았습니다', 'leaves out Mid', (right) => ({
    ...right,
    merchantId: '',
  })),
  ...orders,
]
