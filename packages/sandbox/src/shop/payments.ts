import {
  type ApprovalTicket,
  type ApprovedPayment,
  approve,
  cancel,
  compareWithOrder,
  type PaymentNotification,
  type RecoveredOutcome,
  type RecoveryOptions,
  recordRefund,
  recover,
  startRecovery,
  type Unknown,
} from '@sspay/merchant'
import { applyRecovered, clubFee, isChargeWanted, markMonthPaid, renewDue } from './club/renew.ts'
import type { Charge } from './club/store.ts'
import type { ShopContext } from './context.ts'
import type { Cancellation, Order, Receipt } from './model.ts'

/** Approves the payment of an order. Idempotent; an unknown outcome is left to the recovery. */
export async function approvePayment(shop: ShopContext, order: Order, ticket: ApprovalTicket): Promise<void> {
  const { orderId, amount } = order
  const { transactionId } = ticket
  if (!shop.store.claim({ orderId, transactionId })) return
  const outcome = await approve(shop.merchant, ticket, { expected: { orderId, amount }, journal: shop.journal })
  // The buyer brought the payment of another order, which must not keep this one from being paid.
  if (outcome.outcome === 'declined' && outcome.tampering === 'order_differs')
    shop.store.releaseClaim({ orderId, transactionId })
  else await applyOutcome(shop, { orderId, transactionId }, outcome)
}

/** Applies the outcome of an approval or of the recovery to the order. */
async function applyOutcome(
  shop: ShopContext,
  payment: { readonly orderId: string; readonly transactionId: string },
  outcome: RecoveredOutcome | Unknown,
): Promise<void> {
  if (outcome.outcome === 'approved') await markPaid(shop, outcome.payment)
  if (outcome.outcome === 'declined') shop.store.decline(payment, outcome.code)
  if (outcome.outcome === 'cancelled') shop.store.recordReversed(payment)
}

/**
 * Changes order and journal in one transaction, exactly once for return, reload, recovery and notification together.
 */
const markPaid = ({ journal, store }: ShopContext, payment: ApprovedPayment | PaymentNotification): Promise<boolean> =>
  journal.markPaid(payment, () => store.pay(payment, receiptOf(payment)))

const receiptOf = (payment: ApprovedPayment | PaymentNotification): Receipt => ({
  approvalNumber: payment.approvalNumber ?? '',
  approvedAt: payment.approvedAt,
  issuerName: payment.issuerName ?? '',
  maskedCardNumber: payment.maskedCardNumber ?? '',
  installmentMonths: payment.installmentMonths ?? 0,
})

/** Idempotent, so a duplicate notification needs no memory of its own. */
export async function applyNotification(shop: ShopContext, notification: PaymentNotification): Promise<void> {
  const { orderId, transactionId, amount, cancelledAmount = amount } = notification
  const charge = shop.club.findCharge(orderId)
  if (charge !== undefined) return applyToClub(shop, charge, notification)
  const order = shop.store.find(orderId)
  // Other shops may use the test merchant of the sandbox: their orders are not ours.
  if (order === undefined || compareWithOrder(notification, order) !== 'matches') return
  if (notification.paymentState !== 'approved') {
    await recordRefund(shop.journal, notification)
    shop.store.recordCancelled({ orderId, transactionId }, cancelledAmount)
  } else if (shop.store.isWanted({ orderId, transactionId })) await markPaid(shop, notification)
}

async function applyToClub(shop: ShopContext, charge: Charge, notification: PaymentNotification): Promise<void> {
  if (compareWithOrder(notification, { orderId: charge.orderId, amount: clubFee }) !== 'matches') return
  if (notification.paymentState !== 'approved') {
    await recordRefund(shop.journal, notification)
    shop.club.closeCharge(charge.orderId, 'refunded')
  } else if (isChargeWanted(shop, charge)) await markMonthPaid(shop, notification)
}

/** Refunds `amount` won of a paid order, or all that is left. Withdraws an order whose outcome is not known yet. */
export async function refundOrder(shop: ShopContext, order: Order, amount?: number): Promise<void> {
  if (order.state === 'approving') {
    shop.store.withdraw(order.orderId)
    return
  }
  // Stored before the request, so that the same cancellation is repeated until its outcome is known.
  const cancellation = shop.store.requestCancellation(order.orderId, amount ?? order.amount - order.cancelledAmount)
  if (cancellation !== undefined) await sendCancellation(shop, cancellation)
}

/** Idempotent: the same sequence number is answered with the first result. */
async function sendCancellation({ store, ...shop }: ShopContext, cancellation: Cancellation): Promise<void> {
  const { orderId, sequence, amount } = cancellation
  const order = store.find(orderId)
  if (order?.transactionId === undefined) throw new Error(`order ${orderId} has a cancellation, but no payment`)
  const { transactionId } = order
  const outcome = await cancel(shop.merchant, {
    transactionId,
    amount,
    isPartial: amount < order.amount,
    sequence,
    cancelPassword: shop.cancelPassword,
    reason: '구매자 요청',
  })
  if (outcome.outcome === 'cancelled') store.finishCancellation(cancellation)
  if (outcome.outcome !== 'rejected') return
  store.rejectCancellation(cancellation, outcome.code)
  // Refunded by other means, for example by the operator.
  if (outcome.reason === 'already_cancelled') store.recordCancelled({ orderId, transactionId }, order.amount)
}

const recoveryOf = (shop: ShopContext): RecoveryOptions => ({
  journal: shop.journal,
  cancelPassword: shop.cancelPassword,
  isWanted({ transactionId, expected: { orderId } }) {
    const charge = shop.club.findCharge(orderId)
    return charge === undefined ? shop.store.isWanted({ transactionId, orderId }) : isChargeWanted(shop, charge)
  },
  onOutcome: (outcome, { transactionId, expected: { orderId } }) =>
    shop.club.findCharge(orderId) === undefined
      ? applyOutcome(shop, { transactionId, orderId }, outcome)
      : applyRecovered(shop, orderId, outcome),
})

/** One pass of the recovery: payments, then cancellations without an outcome, then what is due of the club. */
export async function recoverNow(shop: ShopContext): Promise<void> {
  await recover(shop.merchant, recoveryOf(shop))
  await finishOpen(shop)
}

async function finishOpen(shop: ShopContext): Promise<void> {
  await resendCancellations(shop)
  await renewDue(shop)
}

/** Starts the recovery loop. The returned function stops it and waits for the current pass. */
export async function keepRecovering(shop: ShopContext, everyMs: number): Promise<() => Promise<void>> {
  shop.store.releaseClaims((await shop.journal.pending()).map(({ transactionId }) => transactionId))
  const onError = (cause: unknown): void => shop.log.error('shop_recovery_failed', { cause })
  let finishing = Promise.resolve()
  const loop = startRecovery(shop.merchant, {
    ...recoveryOf(shop),
    everyMs,
    onError,
    onReport: () => {
      finishing = finishOpen(shop).catch(onError)
    },
  })
  return async () => {
    await loop.stop()
    await finishing
  }
}

async function resendCancellations(shop: ShopContext): Promise<void> {
  for (const cancellation of shop.store.pendingCancellations()) await sendCancellation(shop, cancellation)
}
