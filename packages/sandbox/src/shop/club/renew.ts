import {
  billingOrderId,
  chargeBillKey,
  type Declined,
  deleteBillKey,
  type PaidPayment,
  type RecoveredOutcome,
} from '@sspay/merchant'
import { addMonths } from '../../clock/add-months.ts'
import type { ShopContext } from '../context.ts'
import { sampleBuyer } from '../order-page.ts'
import type { Charge, Subscription } from './store.ts'

/** Whole won, each month. */
export const clubFee = 9_900

const hourMs = 60 * 60_000
const dayMs = 24 * hourMs
/** After a declined attempt. After the last one the subscription ends. */
const retryAfterDays = [1, 3, 5] as const

type ClubShop = Pick<ShopContext, 'merchant' | 'journal' | 'club' | 'formKeys' | 'runtime' | 'log'>

const keyContext = (subscriptionId: string): string => `club-bill-key:${subscriptionId}`

/** For the column of the key. The demo shop keeps its encryption key beside it; a shop keeps that elsewhere. */
export const encryptBillKey = ({ formKeys }: ClubShop, billKey: string, subscriptionId: string): string =>
  formKeys.keyRing.encrypt(billKey, keyContext(subscriptionId))

const decryptBillKey = ({ formKeys }: ClubShop, encrypted: string, subscriptionId: string): string =>
  formKeys.keyRing.decrypt(encrypted, keyContext(subscriptionId))

/**
 * Charges each month that is due by now, of all subscriptions, the earliest first. Idempotent and safe when several
 * runs and the recovery overlap: each order number, derived from subscription, month and attempt, is charged once.
 */
export async function renewDue(shop: ClubShop): Promise<void> {
  const unpaid = new Set<string>()
  const findNext = (): Subscription | undefined =>
    shop.club.due(shop.runtime.now()).find(({ subscriptionId }) => !unpaid.has(subscriptionId))
  for (let next = findNext(); next !== undefined; next = findNext())
    if (!(await chargeMonth(shop, next))) unpaid.add(next.subscriptionId)
  for (const subscription of shop.club.keysToDelete()) await deleteKey(shop, subscription)
}

export async function renew(shop: ClubShop, subscriptionId: string): Promise<void> {
  for (;;) {
    const subscription = shop.club.find(subscriptionId)
    if (subscription?.state !== 'active' || subscription.dueAt > shop.runtime.now().getTime()) return
    if (!(await chargeMonth(shop, subscription))) return
  }
}

/** True when the month is paid. */
async function chargeMonth(shop: ClubShop, subscription: Subscription): Promise<boolean> {
  const { merchant, journal, club, runtime } = shop
  const { subscriptionId, customerId, cycle, attempt, billKeyEncrypted } = subscription
  if (billKeyEncrypted === null) return false
  const orderId = billingOrderId(subscriptionId, String(cycle), attempt)
  // Stored before the request, so that recovery and notifications find the subscription by the order number.
  club.requestCharge({ orderId, subscriptionId, cycle, attempt, requestedAt: runtime.now().getTime() })
  const billKey = decryptBillKey(shop, billKeyEncrypted, subscriptionId)
  const { buyerName } = sampleBuyer
  const charge = { billKey, orderId, amount: clubFee, customerId, goodsName: '달빛 클럽', buyerName }
  const outcome = await chargeBillKey(merchant, charge, { journal })
  if (outcome.outcome === 'approved') return markMonthPaid(shop, outcome.payment)
  if (outcome.outcome === 'declined') recordDecline(shop, orderId, outcome)
  // An unknown outcome is left to the next run, and to the recovery: both repeat the same order number.
  return false
}

/** Marks the month paid, in one transaction with the journal; charge, recovery and notification may all call it. */
export const markMonthPaid = ({ journal, club }: ClubShop, payment: PaidPayment): Promise<boolean> =>
  journal.markPaid(payment, () => {
    const charge = club.findCharge(payment.orderId)
    const subscription = charge && club.find(charge.subscriptionId)
    if (charge === undefined || subscription === undefined)
      throw new Error(`no subscription has the order ${payment.orderId}`)
    club.pay(payment.orderId, payment.transactionId)
    const next = addMonths(new Date(subscription.startedAt), charge.cycle + 1)
    club.moveOn(charge.subscriptionId, charge.cycle, next.getTime())
  })

const keyReasons: ReadonlySet<string> = new Set(['bill_key_deleted', 'bill_key_ended'])

/** Declined by the issuer, or without a key. A request that a wrong setting has made invalid is not an attempt. */
const isForCustomer = ({ reason, code }: Declined): boolean =>
  keyReasons.has(reason) || reason === 'payment_reversed' || code.startsWith('30')

function recordDecline({ club, runtime, log }: ClubShop, orderId: string, declined: Declined): void {
  const charge = club.findCharge(orderId)
  if (charge === undefined) return
  const { subscriptionId, cycle, attempt } = charge
  if (!isForCustomer(declined)) {
    log.error('club_charge_rejected', { reason: declined.code })
    club.postpone(subscriptionId, runtime.now().getTime() + hourMs)
    return
  }
  club.closeCharge(orderId, 'declined')
  const days = keyReasons.has(declined.reason) ? undefined : retryAfterDays[attempt - 1]
  const dueAt = days === undefined ? null : runtime.now().getTime() + days * dayMs
  club.recordDeclined(subscriptionId, cycle, attempt, dueAt, declined.code)
  if (keyReasons.has(declined.reason)) club.forgetKey(subscriptionId)
}

/** Whether a payment of this charge still counts; otherwise the recovery refunds it. */
export function isChargeWanted({ club }: ClubShop, { subscriptionId, cycle, state }: Charge): boolean {
  const subscription = club.find(subscriptionId)
  return state === 'paid' || (subscription?.state === 'active' && subscription.cycle === cycle)
}

/** Applies the outcome that the recovery has found. */
export async function applyRecovered(shop: ClubShop, orderId: string, outcome: RecoveredOutcome): Promise<void> {
  if (outcome.outcome === 'approved') await markMonthPaid(shop, outcome.payment)
  if (outcome.outcome === 'declined') recordDecline(shop, orderId, outcome)
  if (outcome.outcome === 'cancelled') shop.club.closeCharge(orderId, 'refunded')
}

/** Charges no more from now on, then deletes the key, again later when the answer is lost. */
export async function leaveClub(shop: ClubShop, subscription: Subscription): Promise<void> {
  shop.club.end(subscription.subscriptionId)
  await deleteKey(shop, subscription)
}

async function deleteKey(shop: ClubShop, subscription: Subscription): Promise<void> {
  const { subscriptionId, customerId, billKeyEncrypted } = subscription
  if (billKeyEncrypted === null) return
  const billKey = decryptBillKey(shop, billKeyEncrypted, subscriptionId)
  const deletion = await deleteBillKey(shop.merchant, { billKey, customerId })
  const isGone = deletion.outcome === 'deleted' || (deletion.outcome === 'rejected' && keyReasons.has(deletion.reason))
  if (isGone) shop.club.forgetKey(subscriptionId)
}
