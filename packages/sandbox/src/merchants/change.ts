import type { Merchant, NotificationTarget } from '@sspay/gateway'
import { findInterestFreeProblems, isExactOrigin, readInterestFree } from '@sspay/gateway/internal'
import type { LocalizedText } from '@sspay/protocol'

type Switches = Pick<
  Merchant,
  | 'name'
  | 'identityMatch'
  | 'identityVerification'
  | 'showsCardsBeforePassword'
  | 'repeatedApproval'
  | 'acceptsLegacySignature'
  | 'minimumAmount'
  | 'allowedOrigins'
  | 'interestFree'
>

type NotificationChange = Partial<Pick<NotificationTarget, 'url' | 'charset' | 'intervalMinutes' | 'maxAttempts'>>

/** What may be changed of a merchant; of the notices `null` ends them. */
export interface MerchantChange extends Partial<Switches> {
  readonly notification?: NotificationChange | null
}

export type ChangeReading =
  | { readonly ok: true; readonly change: MerchantChange; readonly ids: GivenIds }
  | { readonly ok: false; readonly problem: LocalizedText }

/** Ids that a new merchant is to have; others are drawn. */
export interface GivenIds {
  readonly merchantId?: string
  readonly easyPayMerchantId?: string
}

interface FieldRule extends LocalizedText {
  isRight(value: unknown): boolean
}

const oneOf = (...values: readonly unknown[]): FieldRule => ({
  isRight: (value) => values.includes(value),
  ko: values.join(' | '),
  en: values.join(' | '),
})

const matching = (pattern: RegExp, ko: string, en: string): FieldRule => ({
  isRight: (value) => typeof value === 'string' && pattern.test(value),
  ko,
  en,
})

const between = (least: number, most: number): FieldRule => ({
  isRight: (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
  ko: `${least}~${most}`,
  en: `${least} to ${most}`,
})

const idRules: Readonly<Record<keyof GivenIds, FieldRule>> = {
  merchantId: matching(/^[A-Za-z0-9]{10}$/, '영문과 숫자 10자', 'ten letters and digits'),
  easyPayMerchantId: matching(/^[A-Za-z0-9]{1,10}$/, '영문과 숫자 1~10자', 'one to ten letters and digits'),
}

const switchRules: Readonly<Record<keyof Switches, FieldRule>> = {
  name: matching(/^.{0,59}\S.{0,59}$/u, '1~60자', '1 to 60 characters'),
  identityMatch: oneOf('none', 'name', 'phone', 'name-and-phone'),
  identityVerification: oneOf('required', 'off'),
  showsCardsBeforePassword: oneOf(true, false),
  repeatedApproval: oneOf('replay', 'reject'),
  acceptsLegacySignature: oneOf(true, false),
  minimumAmount: between(1, 999_999_999),
  allowedOrigins: {
    isRight: (value) => Array.isArray(value) && value.length <= 50 && value.every(isExactOrigin),
    ko: 'https://www.shop.example 같은 주소',
    en: 'origins such as https://www.shop.example',
  },
  interestFree: {
    isRight: (value) => findInterestFreeProblems(value).length === 0,
    ko: 'months 2~12, minimumAmount',
    en: 'months 2 to 12, minimumAmount',
  },
}

const notificationRules: Readonly<Record<keyof NotificationChange, FieldRule>> = {
  url: {
    isRight: (value) => typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
    ko: 'http:// 또는 https:// 주소',
    en: 'an http or https address',
  },
  charset: oneOf('utf-8', 'euc-kr'),
  intervalMinutes: between(1, 60),
  maxAttempts: between(1, 10),
}

/** Reads what may be changed, from JSON. An unknown name is a problem, so that a misspelt switch is not taken for a set one. */
export function readChange(json: unknown, mayName: 'ids' | 'no ids'): ChangeReading {
  if (!isRecord(json)) return { ok: false, problem: { ko: 'JSON 하나를 보내세요', en: 'send one JSON object' } }
  const { notification, ...rest } = json
  const rules = { ...switchRules, ...(mayName === 'ids' ? idRules : {}) }
  const problem = findProblem(rest, rules) ?? findNotificationProblem(notification)
  if (problem !== undefined) return { ok: false, problem }
  const { merchantId, easyPayMerchantId, interestFree, ...switches } = rest
  return {
    ok: true,
    ids: { ...(merchantId ? { merchantId } : {}), ...(easyPayMerchantId ? { easyPayMerchantId } : {}) } as GivenIds,
    change: {
      ...switches,
      ...(interestFree === undefined ? {} : { interestFree: readInterestFree(interestFree) }),
      ...(notification === undefined ? {} : { notification }),
    } as MerchantChange,
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const findNotificationProblem = (given: unknown): LocalizedText | undefined => {
  if (given === undefined || given === null) return undefined
  return isRecord(given)
    ? findProblem(given, notificationRules, 'notification.')
    : { ko: 'notification: 객체 또는 null', en: 'notification: an object or null' }
}

function findProblem(
  given: Readonly<Record<string, unknown>>,
  rules: Readonly<Record<string, FieldRule>>,
  prefix = '',
): LocalizedText | undefined {
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
    const shown = prefix + name
    if (rule === undefined) return { ko: `${shown}: 없는 항목입니다`, en: `${shown}: there is no such field` }
    if (!rule.isRight(value)) return { ko: `${shown}: ${rule.ko}`, en: `${shown}: ${rule.en}` }
  }
  return undefined
}
