import type { Context } from './context.ts'
import { findBillKeyPolicyProblems } from './merchants/bill-key-policy.ts'
import { findInterestFreeProblems, isInstant, readInterestFree } from './merchants/interest-free.ts'
import { findMerchantProblems, isExactOrigin, type Merchant, merchantRules } from './merchants/model.ts'
import { saveMerchant } from './merchants/store.ts'
import { findTargetProblems, type NotificationTarget } from './notifications/model.ts'
import { removeNotificationTarget, saveNotificationTarget } from './notifications/store.ts'
import { Secret } from './secret.ts'

type Entry = Readonly<Record<string, unknown>>

/** Required text fields of a merchant. */
const requiredFields = ['merchantId', 'easyPayMerchantId', 'name', 'cancelPassword', 'acquirerMerchantNumber'] as const

const allowedOriginsProblem =
  'allowedOrigins (상점 주소 목록이 필요합니다 / the exact origins of the shop are needed, such as ["https://www.shop.example"])'

/** Optional fields: default and validation. */
const optionalFields = {
  identityMatch: { fallback: 'none', allows: isOneOf('none', 'name', 'phone', 'name-and-phone') },
  identityVerification: { fallback: 'required', allows: isOneOf('required', 'off') },
  takesPayments: { fallback: true, allows: isOneOf(true, false) },
  takesGeneralPayments: { fallback: false, allows: isOneOf(false, true) },
  showsCardsBeforePassword: { fallback: false, allows: isOneOf(false, true) },
  repeatedApproval: { fallback: 'replay', allows: isOneOf('replay', 'reject') },
  repeatedCancellation: { fallback: 'replay', allows: isOneOf('replay', 'reject') },
  repeatedDeletion: { fallback: 'delete', allows: isOneOf('delete', 'reject') },
  abortCode: { fallback: 'S201', allows: isOneOf('S201', 'W034', 'U999') },
  acceptsLegacySignature: { fallback: false, allows: isOneOf(false, true) },
  minimumAmount: { fallback: 100, allows: Number.isSafeInteger },
  requestMaxAgeMs: { fallback: 24 * 60 * 60_000, allows: Number.isSafeInteger },
  requestMaxAheadMs: { fallback: 10 * 60_000, allows: Number.isSafeInteger },
  cardNetworkTimeoutMs: { fallback: undefined, allows: Number.isSafeInteger },
} as const

/** Defaults of `notification`: ten attempts, ten minutes apart. */
const targetFallbacks = {
  charset: 'utf-8',
  fieldNames: 'current',
  intervalMinutes: 10,
  maxAttempts: 10,
  webhookKeys: [],
} as const

export interface MerchantEntry {
  readonly merchant: Merchant
  /** Undefined: no notifications. */
  readonly notificationTarget: NotificationTarget | undefined
}

/**
 * Parses the merchants file, a JSON array: the fields of {@link Merchant} with the secrets as text, `notification` with
 * the fields of {@link NotificationTarget}, `interestFree` with {@link InterestFreeRule}s, times as ISO 8601 with
 * offset, and `billKeys` with every field of {@link BillKeyPolicy}. `allowedOrigins` is required. `merchantKey` may be
 * a list: the key, and the former ones, each a text or `{ key, until }`.
 *
 * @throws MerchantsFileError for a field that is missing, unknown or not what a merchant may have, and for two entries
 *   of one merchant; its message names entry and rule, and never quotes the file
 */
export function readMerchants(file: string, text: string): readonly MerchantEntry[] {
  const numbers = new Map<string, number>()
  return parse(file, text).map(({ notification, ...entry }, index) => {
    const number = index + 1
    const reject = (problems: readonly string[]): void => {
      if (problems.length > 0)
        throw new MerchantsFileError(`${file}: merchant ${number} has invalid fields: ${problems.join(', ')}`)
    }
    reject([...problemsOf(entry), ...targetProblemsOf(notification)])
    const merchant = merchantOf(entry)
    reject(findMerchantProblems(merchant).map((problem) => `${problem} (${merchantRules[problem]})`))
    const { merchantId } = merchant
    const first = numbers.get(merchantId)
    if (first !== undefined)
      throw new MerchantsFileError(`${file}: merchants ${first} and ${number} have the same merchantId ${merchantId}`)
    numbers.set(merchantId, number)
    return { merchant, notificationTarget: targetOf(merchantId, notification) }
  })
}

/** The content of the merchants file is wrong. */
export class MerchantsFileError extends Error {}

/** Adds or overwrites the merchants of a file; one without `notification` gets no more notifications. */
export async function saveMerchants(
  context: Pick<Context, 'storage' | 'keyRing'>,
  entries: readonly MerchantEntry[],
): Promise<void> {
  for (const { merchant, notificationTarget } of entries) {
    await saveMerchant(context, merchant)
    if (notificationTarget === undefined) await removeNotificationTarget(context, merchant.merchantId)
    else await saveNotificationTarget(context, notificationTarget)
  }
}

function targetProblemsOf(notification: unknown): readonly string[] {
  if (notification === undefined) return []
  if (!isEntry(notification)) return ['notification']
  const known = ['url', ...Object.keys(targetFallbacks)]
  const extra = Object.keys(notification).filter((name) => !known.includes(name))
  if (extra.length > 0) return extra.map((name) => `notification.${name} (no such field)`)
  const { url, webhookKeys = [] } = notification
  if (!isText(url)) return ['notification.url']
  if (!Array.isArray(webhookKeys) || !webhookKeys.every(isText)) return ['notification.webhook_keys']
  const target = targetOf('', notification)
  return target === undefined ? [] : findTargetProblems(target).map((problem) => `notification.${problem}`)
}

const isText = (value: unknown): boolean => typeof value === 'string'

function targetOf(merchantId: string, notification: unknown): NotificationTarget | undefined {
  if (!isEntry(notification)) return undefined
  const { webhookKeys = targetFallbacks.webhookKeys, ...rest } = notification
  const keys = (webhookKeys as readonly string[]).map((key) => new Secret(key))
  return { ...targetFallbacks, ...rest, merchantId, webhookKeys: keys } as unknown as NotificationTarget
}

function problemsOf(entry: Entry): readonly string[] {
  const wrong: string[] = requiredFields.filter((name) => typeof entry[name] !== 'string')
  if (!isKeyList(entry.merchantKey)) wrong.push('merchantKey')
  const origins = entry.allowedOrigins
  const isListed = Array.isArray(origins) && origins.length > 0 && origins.every(isExactOrigin)
  const extra = Object.entries(entry).flatMap(([name, value]) => {
    if (Object.hasOwn(optionalFields, name)) {
      return optionalFields[name as keyof typeof optionalFields].allows(value) ? [] : [name]
    }
    return [...requiredFields, 'merchantKey', 'allowedOrigins', 'interestFree', 'billKeys'].includes(name)
      ? []
      : [`${name} (no such field)`]
  })
  const interest = findInterestFreeProblems(entry.interestFree ?? [])
  const billKeys = entry.billKeys === undefined ? [] : findBillKeyPolicyProblems(entry.billKeys)
  return [...wrong, ...(isListed ? [] : [allowedOriginsProblem]), ...interest, ...billKeys, ...extra]
}

/** A key, or a list of keys whose first is no former one. */
const isKeyList = (given: unknown): boolean =>
  isText(given) || (Array.isArray(given) && isText(given[0]) && given.slice(1).every(isFormerKey))

function isFormerKey(given: unknown): boolean {
  if (!isEntry(given)) return isText(given)
  const { key, until, ...rest } = given
  return isText(key) && (until === undefined || isInstant(until)) && Object.keys(rest).length === 0
}

function readKeys(given: unknown): Pick<Merchant, 'merchantKey' | 'formerKeys'> {
  const [key, ...former] = Array.isArray(given) ? given : [given]
  const formerKeys = former.map((one) => {
    const { key, until } = isEntry(one) ? one : { key: one, until: undefined }
    return { key: new Secret(String(key)), ...(until === undefined ? {} : { until: new Date(String(until)) }) }
  })
  return { merchantKey: new Secret(String(key)), ...(former.length === 0 ? {} : { formerKeys }) }
}

function merchantOf({ merchantKey, cancelPassword, interestFree = [], ...entry }: Entry): Merchant {
  const fallbacks = Object.entries(optionalFields).flatMap(([name, { fallback }]) =>
    fallback === undefined ? [] : [[name, fallback]],
  )
  return {
    ...Object.fromEntries(fallbacks),
    ...entry,
    ...readKeys(merchantKey),
    cancelPassword: new Secret(String(cancelPassword)),
    interestFree: readInterestFree(interestFree),
  } as Merchant
}

function isOneOf(...values: readonly unknown[]): (value: unknown) => boolean {
  return (value) => values.includes(value)
}

const isEntry = (value: unknown): value is Entry => typeof value === 'object' && value !== null

function parse(file: string, text: string): readonly Entry[] {
  try {
    const entries: unknown = JSON.parse(text)
    if (Array.isArray(entries) && entries.every(isEntry)) return entries
  } catch {
    // The parser's message would quote the file, and with it a key.
  }
  throw new MerchantsFileError(`${file} is not a JSON array of merchants`)
}
