import { authenticationResult, type LocalizedText } from '@sspay/protocol'
import { passesLuhn } from '@sspay/protocol/internal'
import { addressOption, type Options, type Values } from './command-line/command.ts'

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
  /** Whether the buyer's browser keeps cookies in the window. */
  readonly keepsCookies: boolean
  readonly until: 'approved' | 'authenticated'
  readonly deletesMember: boolean
  /** Won to give back after the approval, or all of it; undefined keeps the payment. */
  readonly cancels: number | 'all' | undefined
  /** Undefined: the sandbox's address, or a private sandbox when nobody answers there. */
  readonly gatewayUrl: string | undefined
  readonly consoleUrl: string | undefined
  readonly printsJson: boolean
}

const isWon = (text: string): boolean => /^[1-9][0-9]{0,11}$/.test(text)
const digitsOf = (card: string): string => card.replace(/[ -]/g, '')
const isCard = (text: string): boolean => /^[0-9]{14,16}$/.test(digitsOf(text)) && passesLuhn(digitsOf(text))

export const payFlags = {
  amount: {
    value: 'WON',
    fallback: '1004',
    isRight: isWon,
    rule: { ko: '원 단위 숫자 1~12자리', en: 'whole won, 1 to 12 digits' },
    ko: '결제 금액(원)',
    en: 'amount in won',
  },
  card: {
    value: 'NUMBER',
    isRight: isCard,
    rule: { ko: '카드번호 14~16자리(검사 숫자 포함)', en: 'a card number of 14 to 16 digits with a right check digit' },
    ko: '카드번호(sspay cards list). 회원에게 없는 카드면 추가합니다',
    en: 'card number (sspay cards list); a returning member adds it when it is new',
  },
  customer: {
    value: 'ID',
    isRight: (text: string) => /^[A-Za-z0-9]{1,20}$/.test(text),
    rule: { ko: '영문과 숫자 1~20자', en: '1 to 20 letters and digits' },
    ko: '고객 ID. 이 명령으로 가입한 회원이면 결제 비밀번호만 입력합니다. 없으면 매번 새 고객',
    en: 'customer id; who has joined by this command only enters the payment password; without it a new customer each time',
  },
  goods: {
    value: 'NAME',
    fallback: '테스트 상품',
    isRight: (text: string) => [...text].length <= 40,
    rule: { ko: '1~40자', en: '1 to 40 characters' },
    ko: '상품명',
    en: 'name of the goods',
  },
  installments: {
    value: 'MONTHS',
    fallback: '0',
    isRight: (text: string) => /^(0|00|0?[2-9]|1[0-2])$/.test(text),
    rule: { ko: '0 또는 2~12', en: '0 or 2 to 12' },
    ko: '할부 개월(50,000원 이상), 0은 일시불',
    en: 'months, from 50,000 won; 0 is a lump sum',
  },
  mobile: { ko: '모바일 연동: 결과를 ReturnUrl로 POST', en: 'mobile flow, the result is posted to ReturnUrl' },
  'euc-kr': { ko: 'EUC-KR로 요청하고 응답받음', en: 'asks and is answered in EUC-KR' },
  'without-cookies': {
    ko: '쿠키를 저장하지 않는 브라우저처럼 결제',
    en: 'pays as a browser does that keeps no cookies in the window',
  },
  until: {
    value: 'STEP',
    fallback: 'approved',
    isRight: (text: string) => text === 'approved' || text === 'authenticated',
    rule: { ko: 'approved | authenticated', en: 'approved | authenticated' },
    ko: `authenticated: 승인 전에 멈추고 ${Object.keys(authenticationResult).join(', ')} 출력`,
    en: `authenticated: stops before the approval and prints ${Object.keys(authenticationResult).join(', ')}`,
  },
  cancel: { ko: '승인 뒤 전액 취소', en: 'gives all of it back after the approval' },
  'cancel-amount': {
    value: 'WON',
    isRight: isWon,
    rule: { ko: '결제 금액 이하의 원 단위 숫자', en: 'whole won, at most the amount' },
    ko: '승인 뒤 그 금액만 취소(부분 취소)',
    en: 'gives so much back',
  },
  'delete-member': {
    ko: '회원 삭제. --customer 가 있으면 그 회원만 삭제하고, 없으면 새 회원이 결제한 뒤 삭제',
    en: 'deletes the member: with --customer that one, without paying; without it a new member pays first',
  },
  gateway: addressOption({
    ko: '게이트웨이, 기본 http://localhost:4610 (응답이 없으면 임시 샌드박스를 띄움)',
    en: 'http://localhost:4610 by default; when nobody answers there, a private sandbox runs for the moment',
  }),
  console: addressOption({
    ko: '인증번호 수신함이 있는 콘솔, 기본 http://localhost:4620',
    en: 'where the inbox with the one-time codes is, http://localhost:4620 by default',
  }),
  json: {
    ko: '표준 출력의 마지막 줄이 결과 JSON 하나',
    en: 'the last line of stdout is the result as one JSON object',
  },
} as const satisfies Options

type PayValues = Values<typeof payFlags>

const apart = (option: string, other: string): LocalizedText => ({
  ko: `${option}: ${other} 와 함께 쓸 수 없습니다`,
  en: `${option}: does not go together with ${other}`,
})

/** What does not go together, although each is right by itself. */
export function findPayProblem(given: PayValues): LocalizedText | undefined {
  const { amount, until, 'cancel-amount': part, 'delete-member': deletesMember } = given
  const cancels = given.cancel || part !== undefined
  if (part !== undefined && Number(part) > Number(amount)) {
    const { ko, en } = payFlags['cancel-amount'].rule
    return { ko: `--cancel-amount: ${ko}`, en: `--cancel-amount: ${en}` }
  }
  if (cancels && until === 'authenticated') return apart('--cancel', '--until authenticated')
  if (cancels && deletesMember) return apart('--cancel', '--delete-member')
  return deletesMember && until === 'authenticated' ? apart('--until authenticated', '--delete-member') : undefined
}

function cancelledPart(values: PayValues): PayOptions['cancels'] {
  if (values['cancel-amount'] !== undefined) return Number(values['cancel-amount'])
  return values.cancel ? 'all' : undefined
}

export const payOptionsOf = (values: PayValues): PayOptions => ({
  amount: Number(values.amount),
  cardNumber: values.card === undefined ? undefined : digitsOf(values.card),
  customerId: values.customer,
  goodsName: values.goods,
  installmentMonths: Number(values.installments),
  device: values.mobile ? 'mobile' : 'pc',
  charset: values['euc-kr'] ? 'euc-kr' : 'utf-8',
  keepsCookies: !values['without-cookies'],
  until: values.until === 'authenticated' ? 'authenticated' : 'approved',
  deletesMember: values['delete-member'],
  cancels: cancelledPart(values),
  gatewayUrl: values.gateway === undefined ? undefined : new URL(values.gateway).origin,
  consoleUrl: values.console === undefined ? undefined : new URL(values.console).origin,
  printsJson: values.json,
})
