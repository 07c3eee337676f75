import type { Row } from './mistake.ts'
import type { Part, Role } from './recipe.ts'

type TextChange = (value: string) => string
type Rows = readonly Row<TextChange>[]

/** An amount has at most twelve digits; looking ahead without a limit is quadratic. */
const withCommas = (amount: string): string => amount.replace(/\B(?=(\d{3}){1,4}$)/g, ',')

const amountRows: Rows = [
  ['amount_commas', '금액에 쉼표가 있습니다', 'has commas in the amount', withCommas],
  [
    'amount_without_commas',
    '금액의 쉼표를 빼고 서명했습니다',
    'signs the amount without its commas',
    (amount) => amount.replaceAll(',', ''),
  ],
  ['amount_blank_before', '금액 앞에 빈칸이 있습니다', 'has a blank before the amount', (amount) => ` ${amount}`],
  ['amount_blank_after', '금액 뒤에 빈칸이 있습니다', 'has a blank after the amount', (amount) => `${amount} `],
  ['amount_decimals', '금액에 소수점(.00)이 있습니다', 'has decimals (.00) in the amount', (amount) => `${amount}.00`],
  ['amount_decimal', '금액에 소수점(.0)이 있습니다', 'has a decimal (.0) in the amount', (amount) => `${amount}.0`],
  [
    'amount_unit',
    '금액에 원이 붙어 있습니다',
    'has 원 after the amount',
    (amount) => `${amount}원`,
    (amount) => `${withCommas(amount)}원`,
  ],
  [
    'amount_currency',
    '금액에 통화 기호가 있습니다',
    'has a currency sign at the amount',
    (amount) => `₩${amount}`,
    (amount) => `₩${withCommas(amount)}`,
    (amount) => `${amount}KRW`,
  ],
  [
    'amount_padded',
    '금액을 12자리로 채웠습니다',
    'has the amount filled up to 12 digits',
    (amount) => amount.padStart(12, '0'),
  ],
  [
    'amount_hundredfold',
    '금액에 100을 곱했습니다(원화에는 소수 단위가 없습니다)',
    'has the amount times 100: won has no smaller unit',
    (amount) => `${amount}00`,
  ],
]

const dateRows: Rows = [
  ['date_day', 'EdiDate의 날짜만 썼습니다', 'uses only the day of EdiDate', (date) => date.slice(0, 8)],
  ['date_minute', 'EdiDate의 초를 뺐습니다', 'leaves out the seconds of EdiDate', (date) => date.slice(0, 12)],
  [
    'date_short',
    'EdiDate의 연도를 2자리로 썼습니다',
    'has two digits for the year of EdiDate',
    (date) => date.slice(2),
  ],
  [
    'date_written_out',
    'EdiDate에 -, : 같은 구분자가 있습니다',
    'has EdiDate written out with - and :',
    ...[' ', 'T'].map(
      (middle) => (date: string) => date.replace(/^(....)(..)(..)(..)(..)(..)$/, `$1-$2-$3${middle}$4:$5:$6`),
    ),
  ],
  [
    'date_milliseconds',
    'EdiDate에 밀리초(000)가 붙어 있습니다',
    'has milliseconds (000) after EdiDate',
    (date) => `${date}000`,
  ],
]

const idRows = ({ name, wireName }: Named): Rows => [
  [`${name}_upper`, `${wireName}를 대문자로 썼습니다`, `has ${wireName} in upper case`, (id) => id.toUpperCase()],
  [`${name}_lower`, `${wireName}를 소문자로 썼습니다`, `has ${wireName} in lower case`, (id) => id.toLowerCase()],
  [
    `${name}_blank`,
    `${wireName}의 앞이나 뒤에 빈칸이 있습니다`,
    `has a blank before or after ${wireName}`,
    (id) => ` ${id}`,
    (id) => `${id} `,
    (id) => `${id}\n`,
  ],
]

const keyRows: Rows = [
  [
    'key_cut',
    '상점키의 앞 32자만 썼습니다(EncData용입니다)',
    'uses only the first 32 characters of the MerchantKey, as EncData does',
    (key) => key.slice(0, 32),
  ],
]

interface Named {
  readonly name: string
  readonly wireName: string
}

const emptyRows = ({ name, wireName }: Named): Rows => [
  [`${name}_missing`, `${wireName}를 넣지 않았습니다`, `leaves out ${wireName}`, () => ''],
  [
    `${name}_undefined`,
    `${wireName}의 값이 아니라 빈 변수(null, undefined)를 넣었습니다`,
    `has an empty variable (null, undefined) in place of ${wireName}`,
    ...['null', 'undefined', 'None', 'NULL'].map((text) => () => text),
  ],
]

const rowsOfRole: Readonly<Record<Role, (named: Named) => Rows>> = {
  key: () => keyRows,
  amount: () => amountRows,
  date: () => dateRows,
  id: idRows,
  code: () => [],
}

/** How the text of a part comes out wrong. */
export const partRows = ({ role, wireName }: Part, id: string): Rows => {
  const named = { name: id, wireName }
  return [...emptyRows(named), ...rowsOfRole[role](named)]
}
