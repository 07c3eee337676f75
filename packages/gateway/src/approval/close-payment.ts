import type { Context } from '../context.ts'
import { removeGuest } from '../members/delete-member.ts'
import { isGeneral, type Payment } from './model.ts'
import { findOverdue } from './overdue.ts'
import { transitionPayment } from './transition.ts'

/** The buyer left the window. False when the payment was no longer open. */
export async function abortPayment(context: Context, transactionId: string): Promise<boolean> {
  const at = context.runtime.now()
  const head = await transitionPayment(context, { transactionId, from: 'requested', event: 'buyerAborted', at })
  return head !== undefined
}

/** The time limit to authenticate (`requested`) or to approve (`authenticated`) has passed. */
export async function expirePayment(
  context: Context,
  payment: Payment,
  from: 'requested' | 'authenticated',
): Promise<boolean> {
  const { transactionId } = payment
  const at = context.runtime.now()
  const head = await transitionPayment(context, { transactionId, from, event: 'timeRanOut', at })
  if (head !== undefined) await forgetGuest(context, payment)
  return head !== undefined
}

const perRound = 200

/** Background job: expires windows that were left open and tickets that were never used. */
export async function expireForgotten(context: Context): Promise<void> {
  const { windowLifeMs, ticketLifeMs } = context.settings
  for (const [state, waitMs] of [
    ['requested', windowLifeMs],
    ['authenticated', ticketLifeMs],
  ] as const) {
    const overdue = await findOverdue(context, { state, waitMs, limit: perRound })
    await Promise.all(overdue.map((payment) => expirePayment(context, payment, state)))
  }
}

/**
 * Deletes the card of a general card payment that has ended. A failure changes nothing of the payment: the background
 * job tries again.
 */
export async function forgetGuest(
  context: Pick<Context, 'storage' | 'log'>,
  payment: Pick<Payment, 'request' | 'merchantId' | 'transactionId'>,
): Promise<void> {
  if (!isGeneral(payment)) return
  const { transactionId } = payment
  await removeGuest(context, payment).catch((cause) => context.log.warn('guest_not_removed', { transactionId, cause }))
}
