import type { LocalizedText } from '@sspay/protocol'
import type { CheckoutOptions } from './options.ts'

/** The meaning of an option, and its check at run time, where plain JavaScript has no types. */
export interface OptionRule extends LocalizedText {
  readonly isOptional?: true
  /** `merchant`: the option of that name, unchecked. */
  isRight(value: unknown, merchant?: unknown): boolean
}

/** ReturnUrl has 100 characters, less `/return?order=` and the longest order id. */
const longestUrl = 46

const isLocal = (hostname: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)

/** Addresses of homes, offices and containers, as `URL` writes them, and names that are resolved by multicast DNS. */
const privateHosts = [
  /^10(\.\d+){3}$/,
  /^172\.(1[6-9]|2\d|3[01])(\.\d+){2}$/,
  /^192\.168(\.\d+){2}$/,
  /^\[f[cd][0-9a-f]{2}:.*\]$/,
  /^[^.]+\.local$/,
]
const isPrivate = (hostname: string): boolean => privateHosts.some((pattern) => pattern.test(hostname))

/** Real gateways open their window over https only. */
function opensOnPrivateNetwork(merchant: unknown): boolean {
  const { origin, windowOrigin = origin } = Object(Object(merchant).environment)
  if (!URL.canParse(windowOrigin)) return false
  const { protocol, hostname } = new URL(windowOrigin)
  return protocol === 'http:' && isPrivate(hostname)
}

/**
 * https, without query, fragment or user. Or http: on localhost, and on a private network if the payment window is
 * there too, as that of a sandbox which a phone can reach.
 */
function isCheckoutUrl(text: unknown, merchant: unknown): boolean {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.search !== '' || url.hash !== '' || url.username !== '') return false
  if (String(text).length > longestUrl) return false
  if (url.protocol !== 'http:') return url.protocol === 'https:'
  return isLocal(url.hostname) || (isPrivate(url.hostname) && opensOnPrivateNetwork(merchant))
}

const matches =
  (pattern: RegExp) =>
  (value: unknown): boolean =>
    typeof value === 'string' && pattern.test(value)

const hasMethods =
  (...names: readonly string[]) =>
  (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    names.every((name) => typeof (value as Readonly<Record<string, unknown>>)[name] === 'function')

const callback = (shape: string): OptionRule => ({
  ko: `함수 ${shape}`,
  en: `a function ${shape}`,
  isRight: (value) => typeof value === 'function',
})

const optional = (rule: OptionRule): OptionRule => ({ ...rule, isOptional: true })

/** Messages name the rule, never the value. */
export const optionRules: Readonly<Record<keyof CheckoutOptions, OptionRule>> = {
  merchant: {
    ko: 'defineMerchant(…)가 돌려준 상점',
    en: 'the merchant that defineMerchant(…) returned',
    isRight: hasMethods('exposeMerchantKey', 'exposeSigningKeys'),
  },
  url: {
    ko: `결제 주소, 예: https://shop.example/pay. ${longestUrl}자 이하, https. 이 컴퓨터이거나, 결제창(SSPAY_ENVIRONMENT 또는 SSPAY_WINDOW_ORIGIN)과 함께 사설망의 주소이면 http도`,
    en: `where the checkout answers, like https://shop.example/pay: at most ${longestUrl} characters, https unless it is this machine, or a private network where the payment window (SSPAY_ENVIRONMENT or SSPAY_WINDOW_ORIGIN) is too`,
    isRight: isCheckoutUrl,
  },
  mountPath: optional({
    ko: '요청이 도착하는 경로, 예: /pay',
    en: 'the path at which requests arrive, like /pay',
    isRight: matches(/^\/[^?#\s]*$/),
  }),
  journal: {
    ko: 'sqliteJournal(…), postgresJournal(…), mysqlJournal(…) 또는 직접 만든 PaymentJournal',
    en: 'sqliteJournal(…), postgresJournal(…), mysqlJournal(…) or a PaymentJournal of your own',
    isRight: hasMethods('begin', 'find', 'recordOutcome', 'abandon', 'pending', 'pendingFor', 'markPaid'),
  },
  findOrder: callback('(orderId) => CheckoutOrder | undefined'),
  mayPay: callback('(request, order) => boolean'),
  markOrderPaid: callback('(connection, payment) => boolean'),
  resultUrl: callback('({ outcome, orderId }) => string'),
  cancelPassword: optional({
    ko: '취소 비밀번호, 숫자 6자',
    en: 'the cancel password, six digits',
    isRight: matches(/^[0-9]{6}$/),
  }),
  webhookKeys: optional({
    ko: 'whsec_로 시작하는 재통보 서명 키, 하나 또는 둘. 바꿀 때는 새 값, 옛 값 순서',
    en: 'keys of signed notifications, whsec_…, one or two; during a rotation the new one, then the old one',
    isRight: (keys) => Array.isArray(keys) && keys.length <= 2 && keys.every(matches(/^whsec_\S+$/)),
  }),
  recoveryKey: optional({
    ko: '빈칸 없이 32자 이상의 비밀 값',
    en: 'a secret of at least 32 characters without blanks',
    isRight: matches(/^[\x21-\x7E]{32,}$/),
  }),
  onDeclined: optional(callback('(rejection) => unknown')),
  onAborted: optional(callback('(abort) => unknown')),
  onCancelled: optional(callback('(notification) => unknown')),
  onReport: optional(callback('(report) => void')),
  onError: callback('(error) => void'),
}

/** Throws one `TypeError` that names all missing, invalid and unknown options, never their values. */
export function requireOptions(options: unknown): void {
  const given: Readonly<Record<string, unknown>> = Object(options)
  const invalid = Object.entries(optionRules).flatMap(([name, { ko, en, isOptional = false, isRight }]) => {
    const value = given[name]
    if (value === undefined) return isOptional ? [] : [`${name}: 없습니다. ${ko} / missing: ${en}`]
    return isRight(value, given.merchant) ? [] : [`${name}: ${ko} / ${en}`]
  })
  const unknown = Object.keys(given)
    .filter((name) => !Object.hasOwn(optionRules, name))
    .map((name) => `${name}: 없는 옵션입니다. 이름을 확인하세요 / no such option: check its name`)
  const lines = [...invalid, ...unknown].map((line) => `\n  ${line}`)
  if (lines.length > 0)
    throw new TypeError(`createCheckout의 옵션을 확인하세요. Check the options of createCheckout.${lines.join('')}`)
}
