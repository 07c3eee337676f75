import { merchantIdSettings, merchantSettings, readInterestFree } from '@sspay/gateway/tools'
import type { LocalizedText } from '@sspay/protocol'
import type { GivenIds, MerchantChange } from './model.ts'

export type ChangeReading =
  | { readonly ok: true; readonly change: MerchantChange; readonly ids: GivenIds }
  | { readonly ok: false; readonly problem: LocalizedText }

/** Reads a change from JSON. An unknown field is an error, so that a misspelt setting is not ignored. */
export function readChange(json: unknown, mayName: 'ids' | 'no ids'): ChangeReading {
  if (!isRecord(json)) return reject({ ko: 'JSON 하나를 보내세요', en: 'send one JSON object' })
  const { notification, ...rest } = json
  if (notification !== undefined && notification !== null && !isRecord(notification))
    return reject({ ko: 'notification: 객체 또는 null', en: 'notification: an object or null' })
  const nested = Object.entries(notification ?? {}).map(([name, value]) => [`notification.${name}`, value] as const)
  const known = Object.values(mayName === 'ids' ? { ...merchantSettings, ...merchantIdSettings } : merchantSettings)
  for (const [name, value] of [...Object.entries(rest), ...nested]) {
    const setting = known.find(({ field }) => field === name)
    if (setting === undefined) return reject({ ko: `${name}: 없는 항목입니다`, en: `${name}: there is no such field` })
    const { ko, en } = setting.rule
    if (!setting.accepts(value)) return reject({ ko: `${name}: ${ko}`, en: `${name}: ${en}` })
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
