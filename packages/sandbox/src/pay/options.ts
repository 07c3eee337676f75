import { authenticationResult, type LocalizedText } from '@sspay/protocol'
import { passesLuhn } from '@sspay/protocol/internal'
import { addressOption, matching, type Options, oneOf, type Values } from '../command-line/command.ts'

const digitsOf = (card: string): string => card.replace(/[ -]/g, '')

const isCard = (text: string): boolean => /^[0-9]{14,16}$/.test(digitsOf(text)) && passesLuhn(digitsOf(text))

export const payFlags = {
  amount: {
    value: 'WON',
    fallback: '1004',
    ...matching(/^[1-9][0-9]{0,11}$/, '원 단위 숫자 1~12자리', 'whole won, 1 to 12 digits'),
    ko: '결제 금액(원)',
    en: 'amount in won',
  },
  card: {
    value: 'NUMBER',
    isRight: isCard,
    rule: { ko: '카드번호 14~16자리(검사 숫자 포함)', en: 'a card number of 14 to 16 digits with a valid check digit' },
    ko: '카드번호(sspay cards list). 회원에게 없는 카드면 추가합니다',
    en: 'card number (sspay cards list); added to a returning member who does not have it',
  },
  customer: {
    value: 'ID',
    ...matching(/^[A-Za-z0-9]{1,20}$/, '영문과 숫자 1~20자', '1 to 20 letters and digits'),
    ko: '고객 ID. 이 명령으로 가입한 회원이면 결제 비밀번호만 입력합니다. 없으면 매번 새 고객',
    en: 'customer id; a member who joined by this command only enters the payment password; a new customer by default',
  },
  goods: {
    value: 'NAME',
    fallback: '테스트 상품',
    ...matching(/^.{1,40}$/u, '1~40자', '1 to 40 characters'),
    ko: '상품명',
    en: 'name of the goods',
  },
  installments: {
    value: 'MONTHS',
    fallback: '0',
    ...matching(/^(0|00|0?[2-9]|1[0-2])$/, '0 또는 2~12', '0 or 2 to 12'),
    ko: '할부 개월(50,000원 이상), 0은 일시불',
    en: 'months, from 50,000 won; 0 is a lump sum',
  },
  mobile: { ko: '모바일 연동: 결과를 ReturnUrl로 POST', en: 'mobile flow, the result is posted to ReturnUrl' },
  'euc-kr': { ko: 'EUC-KR로 요청하고 응답받음', en: 'requests and responses in EUC-KR' },
  'without-cookies': { ko: '쿠키를 저장하지 않는 브라우저처럼 결제', en: 'pays like a browser that blocks cookies' },
  until: {
    value: 'STEP',
    fallback: 'approved',
    ...oneOf('approved', 'authenticated'),
    ko: `authenticated: 승인 전에 멈추고 ${Object.keys(authenticationResult).join(', ')} 출력`,
    en: `authenticated: stops before the approval and prints ${Object.keys(authenticationResult).join(', ')}`,
  },
  cancel: { ko: '승인 뒤 전액 취소', en: 'refunds it in full after the approval' },
  'cancel-amount': {
    value: 'WON',
    ...matching(/^[1-9][0-9]{0,11}$/, '결제 금액 이하의 원 단위 숫자', 'whole won, at most the amount'),
    ko: '승인 뒤 그 금액만 취소(부분 취소)',
    en: 'refunds only this amount (partial refund)',
  },
  'delete-member': {
    ko: '회원 삭제. --customer 가 있으면 그 회원만 삭제하고, 없으면 새 회원이 결제한 뒤 삭제',
    en: 'deletes the member given by --customer without a payment; without it a new member pays first',
  },
  merchants: {
    value: 'FILE',
    ko: '게이트웨이의 상점 파일(SSPAY_MERCHANTS). 테스트 상점 대신 그 안의 상점으로 결제. 쇼핑몰에는 요청하지 않음',
    en: "the gateway's merchants file (SSPAY_MERCHANTS): pays at one of its merchants instead of the test merchant; no shop is called",
  },
  merchant: {
    value: 'ID',
    ko: '그 파일의 상점 ID, 기본 결제를 받는 첫 상점',
    en: 'merchant of that file, the first that takes payments by default',
  },
  gateway: addressOption({
    ko: '게이트웨이, 기본 http://localhost:4610 (SSPAY_GATEWAY_PORT), 응답이 없으면 임시 샌드박스',
    en: 'gateway, http://localhost:4610 by default (SSPAY_GATEWAY_PORT), or a temporary sandbox if it does not answer',
  }),
  console: addressOption({
    ko: '인증번호 수신함이 있는 콘솔, 기본 http://localhost:4620 (SSPAY_CONSOLE_PORT)',
    en: 'console with the phone inbox, http://localhost:4620 by default (SSPAY_CONSOLE_PORT)',
  }),
  json: {
    ko: '표준 출력의 마지막 줄이 결과 JSON 하나',
    en: 'the last line of stdout is the result as one JSON object',
  },
} as const satisfies Options

type PayValues = Values<typeof payFlags>

const conflict = (option: string, other: string): LocalizedText => ({
  ko: `${option}: ${other} 와 함께 쓸 수 없습니다`,
  en: `${option}: cannot be combined with ${other}`,
})

/** Finds options that cannot be combined. */
export function findPayProblem(given: PayValues): LocalizedText | undefined {
  if (given.merchant !== undefined && given.merchants === undefined)
    return { ko: '--merchant: --merchants FILE 과 함께 씁니다', en: '--merchant: goes with --merchants FILE' }
  const { amount, until, 'cancel-amount': part, 'delete-member': deletesMember } = given
  const isRefunded = given.cancel || part !== undefined
  if (part !== undefined && Number(part) > Number(amount)) {
    const { ko, en } = payFlags['cancel-amount'].rule
    return { ko: `--cancel-amount: ${ko}`, en: `--cancel-amount: ${en}` }
  }
  if (isRefunded && until === 'authenticated') return conflict('--cancel', '--until authenticated')
  if (isRefunded && deletesMember) return conflict('--cancel', '--delete-member')
  return deletesMember && until === 'authenticated' ? conflict('--until authenticated', '--delete-member') : undefined
}

export type PayOptions = ReturnType<typeof payOptionsOf>

export const payOptionsOf = (values: PayValues) => ({
  amount: Number(values.amount),
  /** Undefined: a new member registers the first test card, a returning one pays with the registered card. */
  cardNumber: values.card === undefined ? undefined : digitsOf(values.card),
  customerId: values.customer,
  goodsName: values.goods,
  /** 0 is a lump sum. */
  installmentMonths: Number(values.installments),
  device: values.mobile ? ('mobile' as const) : ('pc' as const),
  charset: values['euc-kr'] ? ('euc-kr' as const) : ('utf-8' as const),
  keepsCookies: !values['without-cookies'],
  stopsBeforeApproval: values.until === 'authenticated',
  deletesMember: values['delete-member'],
  /** Won to refund after the approval; undefined: no refund. */
  refund: Number(values['cancel-amount'] ?? (values.cancel ? values.amount : 0)) || undefined,
  shop: { merchantsFile: values.merchants, merchantId: values.merchant },
  /** Undefined: the local sandbox, or a temporary one when none runs. */
  gatewayUrl: values.gateway === undefined ? undefined : new URL(values.gateway).origin,
  consoleUrl: values.console === undefined ? undefined : new URL(values.console).origin,
  printsJson: values.json,
})
