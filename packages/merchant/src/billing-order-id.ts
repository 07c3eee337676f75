import { createHash } from 'node:crypto'

/**
 * Order number (Moid) of one attempt to charge one billing cycle of a subscription. The same arguments always yield the
 * same number, and {@link chargeBillKey} charges a number once: a cron job that runs twice, or again after a crash,
 * charges the cycle once.
 *
 * @param subscriptionId - The shop's number of the subscription, unique among all of them.
 * @param cycle - The shop's name of the cycle, for example `2026-03`.
 * @param attempt - 1, and one more after each attempt whose outcome is `declined`: a declined number stays declined.
 *   Never after `unknown`.
 * @returns 37 characters: letters, digits, `_` and `-`.
 * @example
 * ```ts
 * import { billingOrderId } from '@sspay/merchant'
 *
 * export const orderId = billingOrderId('subscription-0001', '2026-03')
 * ```
 */
export const billingOrderId = (subscriptionId: string, cycle: string, attempt = 1): string =>
  `bill-${createHash('sha256')
    .update(JSON.stringify([subscriptionId, cycle, attempt]), 'utf8')
    .digest('base64url')
    .slice(0, 32)}`
