import type { Merchant, NotificationTarget } from '@sspay/gateway'
import { readInterestFree } from '@sspay/gateway/internal'
import type { LocalizedText } from '@sspay/protocol'
import { settings } from './settings.ts'

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

/** The settings to change; `notification: null` ends the notifications. */
export interface MerchantChange extends Partial<Switches> {
  readonly notification?: Partial<
    Pick<NotificationTarget, 'url' | 'charset' | 'intervalMinutes' | 'maxAttempts'>
  > | null
}

export type ChangeReading =
  | { readonly ok: true; readonly change: MerchantChange; readonly ids: GivenIds }
  | { readonly ok: false; readonly problem: LocalizedText }

/** Ids for a new merchant; random by default. */
export interface GivenIds {
  readonly merchantId?: string
  readonly easyPayMerchantId?: string
}

interface FieldRule {
  accepts(value: unknown): boolean
  readonly rule: LocalizedText
}

const idRule = (pattern: RegExp, ko: string, en: string): FieldRule => ({
  accepts: (value) => value === undefined || (typeof value === 'string' && pattern.test(value)),
  rule: { ko, en },
})

const idRules: readonly (readonly [string, FieldRule])[] = [
  ['merchantId', idRule(/^[A-Za-z0-9]{10}$/, '영문과 숫자 10자', 'ten letters and digits')],
  ['easyPayMerchantId', idRule(/^[A-Za-z0-9]{1,10}$/, '영문과 숫자 1~10자', 'one to ten letters and digits')],
]

const settingRules = Object.values(settings).map((setting): readonly [string, FieldRule] => [setting.field, setting])

/** Reads a change from JSON. An unknown field is an error, so that a misspelt setting is not ignored. */
export function readChange(json: unknown, mayName: 'ids' | 'no ids'): ChangeReading {
  if (!isRecord(json)) return reject({ ko: 'JSON 하나를 보내세요', en: 'send one JSON object' })
  const { notification, ...rest } = json
  if (notification !== undefined && notification !== null && !isRecord(notification))
    return reject({ ko: 'notification: 객체 또는 null', en: 'notification: an object or null' })
  const nested = Object.entries(notification ?? {}).map(([name, value]) => [`notification.${name}`, value] as const)
  const rules = new Map(mayName === 'ids' ? [...settingRules, ...idRules] : settingRules)
  for (const [name, value] of [...Object.entries(rest), ...nested]) {
    const known = rules.get(name)
    if (known === undefined) return reject({ ko: `${name}: 없는 항목입니다`, en: `${name}: there is no such field` })
    const { ko, en } = known.rule
    if (!known.accepts(value)) return reject({ ko: `${name}: ${ko}`, en: `${name}: ${en}` })
  }
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

const reject = (problem: LocalizedText): ChangeReading => ({ ok: false, problem })

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
