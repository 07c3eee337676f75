import type { LocalizedText } from '@sspay/protocol'
import { readDuration } from './duration.ts'
import { type BillKeyPolicy, findBillKeyPolicyProblems, isBillKeyPolicyAllowed } from './merchants/bill-key-policy.ts'
import { findInterestFreeProblems, readInterestFreeRule } from './merchants/interest-free.ts'
import { isExactOrigin } from './merchants/model.ts'
import { isWebUrl } from './notifications/model.ts'

/** One setting of a merchant: an option of a command line, and a field of JSON. */
interface Setting extends LocalizedText {
  /** Placeholder of the option's value, such as `URL`. */
  readonly value: string
  readonly isRepeatable?: boolean
  /** The verbs of `sspay-gateway merchants` that accept it. */
  readonly verbs: readonly string[]
  isRight(text: string): boolean
  /** Path in the JSON. */
  readonly field: string
  readonly rule: LocalizedText
  accepts(json: unknown): boolean
  /** Converts the values of the option to JSON. */
  read(texts: readonly string[]): unknown
}

const verbs = ['add', 'set'] as const

const single = (
  accepts: (json: unknown) => boolean,
  ko: string,
  en = ko,
  read: (text: string) => unknown = (text) => text,
) => ({
  verbs,
  accepts,
  isRight: (text: string) => accepts(read(text)),
  read: ([text = '']: readonly string[]) => read(text),
  rule: { ko, en },
})

const matching = (pattern: RegExp, ko: string, en: string) =>
  single((json) => typeof json === 'string' && pattern.test(json), ko, en)

const oneOf = (...known: readonly unknown[]) => ({
  value: known.join('|'),
  ...single((json) => known.includes(json), known.join(' | ')),
})

const onOff = {
  value: 'on|off',
  ...single(
    (json) => typeof json === 'boolean',
    'on | off (JSON: true | false)',
    undefined,
    (text) => (text === 'on' || text === 'off' ? text === 'on' : undefined),
  ),
} as const

const numberBetween = (least: number, most: number) => ({
  value: 'N',
  ...single(
    (json) => Number.isSafeInteger(json) && Number(json) >= least && Number(json) <= most,
    `${least}~${most}`,
    `${least} to ${most}`,
    (text) => (/^[0-9]{1,9}$/.test(text) ? Number(text) : undefined),
  ),
})

/** Ids for a new merchant; random by default in a sandbox. */
export const merchantIdSettings = {
  mid: {
    field: 'merchantId',
    value: 'MID',
    ...matching(/^[A-Za-z0-9]{10}$/, '영문과 숫자 10자', 'ten letters and digits'),
    verbs: ['add'],
    ko: '상점ID. 없으면 새로 만듦',
    en: 'the merchant id; random by default',
  },
  'mall-id': {
    field: 'easyPayMerchantId',
    value: 'ID',
    ...matching(/^[A-Za-z0-9]{1,10}$/, '영문과 숫자 1~10자', 'one to ten letters and digits'),
    verbs: ['add'],
    ko: '간편결제 가맹점 ID. 같은 ID의 상점은 회원을 함께 씀',
    en: 'the easy-pay merchant id; merchants with the same id share their members',
  },
} as const satisfies Readonly<Record<string, Setting>>

/** `return/add/many/phone`; the setting checks its values. */
function readPolicyOption(text: string): Readonly<Record<string, string>> {
  const [sameCard = '', otherCard = '', perMember = '', identity = ''] = text.split('/')
  return { sameCard, otherCard, perMember, identity }
}

export const merchantSettings = {
  name: {
    field: 'name',
    value: 'NAME',
    ...matching(/^.{0,59}\S.{0,59}$/u, '1~60자', '1 to 60 characters'),
    ko: '상호',
    en: 'the name that buyers see',
  },
  'identity-match': {
    field: 'identityMatch',
    ...oneOf('none', 'name', 'phone', 'name-and-phone'),
    ko: '본인인증 정보가 구매자와 같아야 하는 것',
    en: 'which verified identity data must match the buyer',
  },
  'identity-verification': {
    field: 'identityVerification',
    ...oneOf('required', 'off'),
    ko: '본인인증 사용. off면 아무도 누구인지 확인하지 않음',
    en: 'off: the identity of a new member is not verified',
  },
  'show-cards': {
    field: 'showsCardsBeforePassword',
    ...onOff,
    ko: '결제 비밀번호 전에 카드를 보여 줌',
    en: 'shows the cards before the payment password',
  },
  'general-payments': {
    field: 'takesGeneralPayments',
    ...onOff,
    ko: '회원 가입 없는 일반 카드결제를 받음',
    en: 'takes general card payments, without membership',
  },
  'bill-keys': {
    field: 'billKeys',
    value: 'SAME/OTHER/KEYS/IDENTITY',
    ...single(
      (json) => findBillKeyPolicyProblems(json).length === 0 && isBillKeyPolicyAllowed(json as BillKeyPolicy),
      'return/add/many/phone 처럼: 같은 카드/다른 카드/회원당 키/본인인증',
      'such as return/add/many/phone: same card, other card, keys per member, identity',
      readPolicyOption,
    ),
    ko: '정기결제(빌링키) 정책: reject|return|replace|add / reject|replace|add / one|many / off|phone',
    en: 'policy of bill keys: reject|return|replace|add / reject|replace|add / one|many / off|phone',
  },
  'repeated-approval': {
    field: 'repeatedApproval',
    ...oneOf('replay', 'reject'),
    ko: '같은 승인을 다시 요청하면: 처음 응답, 또는 거절',
    en: 'a repeated approval is answered with the first response, or rejected',
  },
  'repeated-cancellation': {
    field: 'repeatedCancellation',
    ...oneOf('replay', 'reject'),
    ko: '같은 전체 취소를 다시 요청하면: 처음 응답, 또는 2013',
    en: 'a repeated cancellation in full is answered with the first response, or with 2013',
  },
  'repeated-deletion': {
    field: 'repeatedDeletion',
    ...oneOf('delete', 'reject'),
    ko: '다시 가입한 회원을 같은 삭제 요청으로: 삭제, 또는 거절',
    en: 'the same deletion of a customer who has joined again deletes, or is rejected',
  },
  'abort-code': {
    field: 'abortCode',
    ...oneOf('S201', 'W034', 'U999'),
    ko: '구매자가 중단했을 때의 결과코드',
    en: 'the result code when the buyer aborts',
  },
  'legacy-md5': {
    field: 'acceptsLegacySignature',
    ...onOff,
    ko: '옛 MD5 서명을 받음',
    en: 'accepts the legacy MD5 signature',
  },
  'minimum-amount': {
    field: 'minimumAmount',
    ...numberBetween(1, 999_999_999),
    ko: '최소 금액(원)',
    en: 'the minimum amount, in won',
  },
  'card-timeout': {
    field: 'cardNetworkTimeoutMs',
    value: 'DURATION',
    ...single(
      (json) => Number.isSafeInteger(json) && Number(json) >= 1_000 && Number(json) <= 60_000,
      '3s 처럼, 1s~60s (JSON: 밀리초)',
      'such as 3s, 1s to 60s (JSON: milliseconds)',
      readDuration,
    ),
    ko: '카드사의 응답을 기다리는 시간. 게이트웨이의 시간(기본 7s)보다 길어지지 않음',
    en: 'how long an authorization may take; never longer than the gateway waits, 7s by default',
  },
  'allow-origin': {
    field: 'allowedOrigins',
    value: 'URL|any',
    isRepeatable: true,
    verbs,
    accepts: (json: unknown) => Array.isArray(json) && json.length <= 50 && json.every(isExactOrigin),
    isRight: (text: string) => text === 'any' || isExactOrigin(text),
    read: (texts: readonly string[]) => texts.filter((text) => text !== 'any'),
    rule: {
      ko: 'https://www.shop.example 같은 주소, 또는 any',
      en: 'an origin such as https://www.shop.example, or any',
    },
    ko: '돌아갈 주소와 결제창을 여는 페이지, 여러 번 쓸 수 있음',
    en: 'origins of the return URL and of the page that opens the window; may be repeated',
  },
  'interest-free': {
    field: 'interestFree',
    value: '[ISSUER:]MONTHS@WON|none',
    isRepeatable: true,
    verbs,
    accepts: (json: unknown) => findInterestFreeProblems(json).length === 0,
    isRight: (text: string) => text === 'none' || readInterestFreeRule(text) !== undefined,
    read: (texts: readonly string[]) => texts.filter((text) => text !== 'none').map(readInterestFreeRule),
    rule: { ko: '2-3@50000, 04:6@50000 또는 none', en: '2-3@50000, 04:6@50000 or none' },
    ko: '무이자 할부: 2-3@50000, 04:6@50000, none. 여러 번 쓸 수 있음',
    en: 'interest-free instalments: 2-3@50000, 04:6@50000, none; may be repeated',
  },
  'notify-url': {
    field: 'notification.url',
    value: 'URL|none',
    ...single(
      (json) => typeof json === 'string' && isWebUrl(json),
      'http(s) 주소 또는 none',
      'an http(s) address, or none',
    ),
    isRight: (text: string) => text === 'none' || isWebUrl(text),
    ko: '재통보를 받을 주소',
    en: 'the address that receives the notifications',
  },
  'notify-charset': {
    field: 'notification.charset',
    ...oneOf('utf-8', 'euc-kr'),
    ko: '재통보의 문자집합',
    en: 'charset of the notifications',
  },
  'notify-names': {
    field: 'notification.fieldNames',
    ...oneOf('current', 'legacy'),
    ko: '재통보의 필드 이름: legacy는 옛 이름(MID, TID, OID, state_cd)',
    en: 'field names of the notifications; legacy: the old ones (MID, TID, OID, state_cd)',
  },
  'notify-interval': {
    field: 'notification.intervalMinutes',
    ...numberBetween(1, 60),
    ko: '다시 보내는 간격(분)',
    en: 'minutes between two attempts',
  },
  'notify-count': {
    field: 'notification.maxAttempts',
    ...numberBetween(1, 10),
    ko: '보내는 횟수',
    en: 'number of attempts',
  },
} as const satisfies Readonly<Record<string, Setting>>

type SettingName = keyof typeof merchantSettings

/** The values of the options that were given. */
export type GivenSettings = Readonly<Partial<Record<SettingName, string | readonly string[] | undefined>>>

/** The change as JSON: only the options that were given. */
export function merchantChangeFrom(values: GivenSettings): Readonly<Record<string, unknown>> {
  const change: Record<string, unknown> = {}
  const notification: Record<string, unknown> = {}
  for (const [name, { field, read }] of Object.entries(merchantSettings)) {
    const texts = [values[name as SettingName] ?? []].flat()
    if (texts.length === 0) continue
    const [first = '', nested] = field.split('.')
    if (nested === undefined) change[first] = read(texts)
    else notification[nested] = read(texts)
  }
  if (notification.url === 'none') return { ...change, notification: null }
  return Object.keys(notification).length === 0 ? change : { ...change, notification }
}
