import { isExactOrigin } from '@sspay/gateway/internal'
import { isWebAddress, type Options, type Values } from '../command-line/command.ts'
import { readInterestFreeRule } from './wording.ts'

const verbs = ['add', 'set'] as const

const oneOf = <const Known extends readonly string[]>(...known: Known) => ({
  value: known.join('|'),
  verbs,
  isRight: (text: string) => known.includes(text),
  rule: { ko: known.join(' | '), en: known.join(' | ') },
})

const numberBetween = (least: number, most: number) => ({
  value: 'N',
  verbs,
  isRight: (text: string) => /^[0-9]{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most,
  rule: { ko: `${least}~${most}`, en: `${least} to ${most}` },
})

/** Every switch of a merchant as an option. */
export const switchOptions = {
  name: {
    value: 'NAME',
    verbs,
    isRight: (text: string) => text.trim() !== '' && [...text].length <= 60,
    rule: { ko: '1~60자', en: '1 to 60 characters' },
    ko: '상호',
    en: 'the name that buyers see',
  },
  'identity-match': {
    ...oneOf('none', 'name', 'phone', 'name-and-phone'),
    ko: '본인인증 정보가 구매자와 같아야 하는 것',
    en: 'what of the verified identity must be the buyer’s',
  },
  'identity-verification': {
    ...oneOf('required', 'off'),
    ko: '본인인증 사용. off면 아무도 누구인지 확인하지 않음',
    en: 'off: nobody verifies who a new member is',
  },
  'show-cards': {
    ...oneOf('on', 'off'),
    ko: '결제 비밀번호 전에 카드를 보여 줌',
    en: 'shows the cards before the payment password',
  },
  'repeated-approval': {
    ...oneOf('replay', 'reject'),
    ko: '같은 승인을 다시 요청하면: 처음 응답, 또는 거절',
    en: 'the same approval again: the first answer, or a refusal',
  },
  'legacy-md5': { ...oneOf('on', 'off'), ko: '옛 MD5 서명을 받음', en: 'takes the MD5 signature of old shops' },
  'minimum-amount': { ...numberBetween(1, 999_999_999), ko: '최소 금액(원)', en: 'the least amount, in won' },
  'allow-origin': {
    value: 'URL|any',
    isRepeatable: true,
    verbs,
    isRight: (text: string) => text === 'any' || isExactOrigin(text),
    rule: {
      ko: 'https://www.shop.example 같은 주소, 또는 any',
      en: 'an origin such as https://www.shop.example, or any',
    },
    ko: '돌아갈 주소와 결제창을 여는 페이지, 여러 번 쓸 수 있음',
    en: 'where the window returns to and is opened from; may be repeated',
  },
  'interest-free': {
    value: '[ISSUER:]MONTHS@WON|none',
    isRepeatable: true,
    verbs,
    isRight: (text: string) => text === 'none' || readInterestFreeRule(text) !== undefined,
    rule: { ko: '2-3@50000, 04:6@50000 또는 none', en: '2-3@50000, 04:6@50000 or none' },
    ko: '무이자 할부: 2-3@50000, 04:6@50000, none. 여러 번 쓸 수 있음',
    en: 'instalments free of interest: 2-3@50000, 04:6@50000, none; may be repeated',
  },
  'notify-url': {
    value: 'URL|none',
    verbs,
    isRight: (text: string) => text === 'none' || isWebAddress(text),
    rule: { ko: 'http(s) 주소 또는 none', en: 'an http(s) address, or none' },
    ko: '재통보를 받을 주소',
    en: 'where notices go',
  },
  'notify-charset': { ...oneOf('utf-8', 'euc-kr'), ko: '재통보의 문자집합', en: 'in which they are written' },
  'notify-interval': { ...numberBetween(1, 60), ko: '다시 보내는 간격(분)', en: 'minutes between two attempts' },
  'notify-count': { ...numberBetween(1, 10), ko: '보내는 횟수', en: 'how often they are tried' },
} as const satisfies Options

/** The change as the sandbox reads it: only what was typed. */
export function changeFrom(values: Values<typeof switchOptions>): Readonly<Record<string, unknown>> {
  const { 'allow-origin': origins, 'interest-free': rules, 'notify-url': url } = values
  const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text))
  const changes = given({
    url,
    charset: values['notify-charset'],
    intervalMinutes: number(values['notify-interval']),
    maxAttempts: number(values['notify-count']),
  })
  const notification = Object.keys(changes).length === 0 ? undefined : changes
  return given({
    name: values.name,
    identityMatch: values['identity-match'],
    identityVerification: values['identity-verification'],
    showsCardsBeforePassword: isOn(values['show-cards']),
    repeatedApproval: values['repeated-approval'],
    acceptsLegacySignature: isOn(values['legacy-md5']),
    minimumAmount: number(values['minimum-amount']),
    allowedOrigins: origins.length === 0 ? undefined : origins.filter((origin) => origin !== 'any'),
    interestFree: rules.length === 0 ? undefined : rules.filter((rule) => rule !== 'none').map(readInterestFreeRule),
    notification: url === 'none' ? null : notification,
  })
}

const isOn = (text: string | undefined): boolean | undefined => (text === undefined ? undefined : text === 'on')

const given = (fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
