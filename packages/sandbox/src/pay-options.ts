import { parseArgs } from 'node:util'
import { authenticationResult } from '@sspay/protocol'
import { passesLuhn } from './card-number.ts'

export interface PayOptions {
  /** Won. */
  readonly amount: number
  /** Undefined: the first test card on joining, the registered card afterwards. */
  readonly cardNumber: string | undefined
  readonly customerId: string | undefined
  readonly goodsName: string
  /** 0 is a lump sum. */
  readonly installmentMonths: number
  readonly device: 'pc' | 'mobile'
  readonly charset: 'utf-8' | 'euc-kr'
  readonly until: 'approved' | 'authenticated'
  readonly deletesMember: boolean
  /** Won to give back after the approval, or all of it; undefined keeps the payment. */
  readonly cancels: number | 'all' | undefined
  /** Undefined: the sandbox's address, or a private sandbox when nobody answers there. */
  readonly gatewayUrl: string | undefined
  readonly consoleUrl: string | undefined
  readonly printsJson: boolean
}

export type PayCommand =
  | { readonly kind: 'help' }
  | { readonly kind: 'pay'; readonly options: PayOptions }
  | UsageProblem

/** The sentence names the option that is wrong. */
export interface UsageProblem {
  readonly kind: 'problem'
  readonly sentence: string
}

const flags = {
  amount: { type: 'string', default: '1004' },
  card: { type: 'string' },
  customer: { type: 'string' },
  goods: { type: 'string', default: '테스트 상품' },
  installments: { type: 'string', default: '0' },
  mobile: { type: 'boolean', default: false },
  'euc-kr': { type: 'boolean', default: false },
  until: { type: 'string', default: 'approved' },
  cancel: { type: 'boolean', default: false },
  'cancel-amount': { type: 'string' },
  'delete-member': { type: 'boolean', default: false },
  gateway: { type: 'string' },
  console: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

type Flags = ReturnType<typeof parseArgs<{ options: typeof flags }>>['values']

const isOrigin = (given: string | undefined): boolean =>
  given === undefined || (URL.canParse(given) && /^https?:$/.test(new URL(given).protocol))

const rules: readonly (readonly [(given: Flags) => boolean, string])[] = [
  [({ amount }) => /^[1-9][0-9]{0,11}$/.test(amount), '--amount: 원 단위 숫자 1~12자리 / whole won, 1 to 12 digits'],
  [
    ({ card }) => card === undefined || (/^[0-9]{14,16}$/.test(digitsOf(card)) && passesLuhn(digitsOf(card))),
    '--card: 카드번호 14~16자리(검사 숫자 포함) / a card number of 14 to 16 digits with a right check digit',
  ],
  [
    ({ customer }) => customer === undefined || /^[A-Za-z0-9]{1,20}$/.test(customer),
    '--customer: 영문과 숫자 1~20자 / 1 to 20 letters and digits',
  ],
  [({ goods }) => goods !== '' && [...goods].length <= 40, '--goods: 1~40자 / 1 to 40 characters'],
  [({ installments }) => /^(0|00|0?[2-9]|1[0-2])$/.test(installments), '--installments: 0 또는 2~12 / 0 or 2 to 12'],
  [({ until }) => until === 'approved' || until === 'authenticated', '--until: approved | authenticated'],
  [({ gateway }) => isOrigin(gateway), '--gateway: http:// 또는 https:// 주소 / an http or https address'],
  [({ console }) => isOrigin(console), '--console: http:// 또는 https:// 주소 / an http or https address'],
  [
    ({ amount, 'cancel-amount': part }) =>
      part === undefined || (/^[1-9][0-9]{0,11}$/.test(part) && Number(part) <= Number(amount)),
    '--cancel-amount: 결제 금액 이하의 원 단위 숫자 / whole won, at most the amount',
  ],
  [
    (given) => !((given.cancel || given['cancel-amount'] !== undefined) && given.until === 'authenticated'),
    '--cancel: --until authenticated 와 함께 쓸 수 없습니다 / does not go together with --until authenticated',
  ],
  [
    (given) => !((given.cancel || given['cancel-amount'] !== undefined) && given['delete-member']),
    '--cancel: --delete-member 와 함께 쓸 수 없습니다 / does not go together with --delete-member',
  ],
  [
    (given) => !(given['delete-member'] && given.until === 'authenticated'),
    '--until authenticated: --delete-member 와 함께 쓸 수 없습니다 / does not go together with --delete-member',
  ],
]

const digitsOf = (card: string): string => card.replace(/[ -]/g, '')

/** Reads the command line of `pay`. Never throws. */
export function readPayCommand(given: readonly string[]): PayCommand {
  let values: Flags
  try {
    values = parseArgs({ args: [...given], options: flags, allowPositionals: false }).values
  } catch (cause) {
    return { kind: 'problem', sentence: cause instanceof Error ? firstSentence(cause.message) : String(cause) }
  }
  if (values.help) return { kind: 'help' }
  const broken = rules.find(([isKept]) => !isKept(values))
  return broken === undefined ? { kind: 'pay', options: optionsOf(values) } : { kind: 'problem', sentence: broken[1] }
}

const firstSentence = (message: string): string => message.split(/\. |\n/)[0] ?? message

const optionsOf = (values: Flags): PayOptions => ({
  amount: Number(values.amount),
  cardNumber: values.card === undefined ? undefined : digitsOf(values.card),
  customerId: values.customer,
  goodsName: values.goods,
  installmentMonths: Number(values.installments),
  device: values.mobile ? 'mobile' : 'pc',
  charset: values['euc-kr'] ? 'euc-kr' : 'utf-8',
  until: values.until === 'authenticated' ? 'authenticated' : 'approved',
  deletesMember: values['delete-member'],
  cancels:
    values['cancel-amount'] === undefined ? (values.cancel ? 'all' : undefined) : Number(values['cancel-amount']),
  gatewayUrl: values.gateway === undefined ? undefined : new URL(values.gateway).origin,
  consoleUrl: values.console === undefined ? undefined : new URL(values.console).origin,
  printsJson: values.json,
})

export const payHelp = `sspay pay — 브라우저 없이 한 번 결제합니다. 구매자와 상점이 한 명령에 있습니다.
            Pays once without a browser: buyer and shop in one command.

  --amount 1004             결제 금액(원) / amount in won
  --card NUMBER             카드번호. 테스트 카드: http://localhost:4620/sandbox/cards
                            card number; the test cards are on that page. A returning member adds it when it is new
  --customer ID             고객 ID. 이미 회원이면 결제 비밀번호만 입력합니다(이 명령으로 가입한 회원).
                            customer id; who has joined by this command only enters the payment password
                            없으면 매번 새 고객 / without it a new customer each time
  --installments 3          할부 개월(50,000원 이상), 0은 일시불 / months, from 50,000 won; 0 is a lump sum
  --goods NAME              상품명 / name of the goods
  --mobile                  모바일 연동: 결과를 ReturnUrl로 POST / mobile flow, the result is posted to ReturnUrl
  --euc-kr                  EUC-KR로 요청하고 응답받음 / asks and is answered in EUC-KR
  --until authenticated     승인 전에 멈추고 ${Object.keys(authenticationResult).join(', ')} 출력 / stops before the approval and prints both
  --cancel                  승인 뒤 전액 취소 / gives all of it back after the approval
  --cancel-amount 500       승인 뒤 그 금액만 취소(부분 취소) / gives so much back
  --delete-member           회원 삭제. --customer 가 있으면 그 회원만 삭제하고, 없으면 새 회원이 결제한 뒤 삭제
                            deletes the member: with --customer that one, without paying;
                            without it a new member pays first
  --gateway URL             게이트웨이 주소, 기본 http://localhost:4610 (응답이 없으면 임시 샌드박스를 띄움)
                            the gateway; when nobody answers at the default, a private sandbox runs for the moment
  --console URL             인증번호 수신함이 있는 콘솔 주소, 기본 http://localhost:4620
                            where the inbox with the one-time codes is
  --json                    표준 출력의 마지막 줄이 결과 JSON 하나 / the last line of stdout is the result as one JSON object
  --help                    이 도움말 / this help

끝 코드 / exit code: 0 승인·인증·취소·삭제 / done   1 거절 / declined   2 잘못된 옵션 / wrong options   3 알 수 없음 / unknown

예 / examples
  npm run pay -- --amount 50000 --installments 3
  npm run pay -- --customer user0001 && npm run pay -- --customer user0001
  npm run pay -- --mobile --euc-kr --json
  npm run pay -- --amount 1004 --cancel-amount 504
  npm run pay -- --customer user0001 --delete-member
`
