import type { Context } from './context.ts'
import { findInterestFreeProblems, readInterestFree } from './merchants/interest-free.ts'
import { isExactOrigin, type Merchant } from './merchants/model.ts'
import { saveMerchant } from './merchants/store.ts'
import { findTargetProblems, type NotificationTarget } from './notifications/model.ts'
import { removeNotificationTarget, saveNotificationTarget } from './notifications/store.ts'
import { Secret } from './secret.ts'

type Entry = Readonly<Record<string, unknown>>

/** Required text fields of a merchant. */
const requiredFields = [
  'merchantId',
  'easyPayMerchantId',
  'name',
  'merchantKey',
  'cancelPassword',
  'acquirerMerchantNumber',
] as const

const allowedOriginsProblem =
  'allowedOrigins (상점 주소 목록이 필요합니다 / the exact origins of the shop are needed, such as ["https://www.shop.example"])'

/** Optional fields: default and validation. */
const optionalFields = {
  identityMatch: { fallback: 'none', allows: isOneOf('none', 'name', 'phone', 'name-and-phone') },
  identityVerification: { fallback: 'required', allows: isOneOf('required', 'off') },
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
 * the fields of {@link NotificationTarget}, and `interestFree` with {@link InterestFreeRule}s, times as ISO 8601 with
 * offset. `allowedOrigins` is required.
 *
 * @throws Error for a missing, unknown or malformed field; its message never quotes the file. Value ranges are checked
 *   when the merchant is saved.
 */
export function readMerchants(file: string, text: string): readonly MerchantEntry[] {
  return parse(file, text).map(({ notification, ...entry }, index) => {
    const problems = [...problemsOf(entry), ...targetProblemsOf(notification)]
    if (problems.length > 0)
      throw new Error(`${file}: merchant ${index + 1} has invalid fields: ${problems.join(', ')}`)
    const merchant = merchantOf(entry)
    return { merchant, notificationTarget: targetOf(merchant.merchantId, notification) }
  })
}

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
  const wrong = requiredFields.filter((name) => typeof entry[name] !== 'string')
  const origins = entry.allowedOrigins
  const isListed = Array.isArray(origins) && origins.length > 0 && origins.every(isExactOrigin)
  const extra = Object.entries(entry).flatMap(([name, value]) => {
    if (Object.hasOwn(optionalFields, name)) {
      return optionalFields[name as keyof typeof optionalFields].allows(value) ? [] : [name]
    }
    return [...requiredFields, 'allowedOrigins', 'interestFree'].includes(name) ? [] : [`${name} (no such field)`]
  })
  const interest = findInterestFreeProblems(entry.interestFree ?? [])
  return [...wrong, ...(isListed ? [] : [allowedOriginsProblem]), ...interest, ...extra]
}

function merchantOf({ merchantKey, cancelPassword, interestFree = [], ...entry }: Entry): Merchant {
  const fallbacks = Object.entries(optionalFields).flatMap(([name, { fallback }]) =>
    fallback === undefined ? [] : [[name, fallback]],
  )
  return {
    ...Object.fromEntries(fallbacks),
    ...entry,
    merchantKey: new Secret(String(merchantKey)),
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
  throw new Error(`${file} is not a JSON array of merchants`)
}
