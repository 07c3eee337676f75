import type { PaymentJournal } from './journal.ts'
import type { PaymentNotification } from './notification.ts'

/**
 * Writes into the journal what a notice says about money that went back; call it before the notice is answered with OK. True when nothing of
 * the payment is left; a notice without an amount that went back is about all of it.
 *
 * From then on the payment is never credited, whichever notice of its approval comes late, and its order can be paid by another one. What is
 * still open in the journal counts as given up: `recover` asks the service what became of it, tells the shop and closes it.
 */
export async function recordRefund(
  journal: PaymentJournal,
  { transactionId, amount, cancelledAmount = amount }: RefundedPayment,
): Promise<boolean> {
  if (cancelledAmount < amount) return false
  if (!(await journal.abandon(transactionId))) await journal.recordOutcome(transactionId, 'cancelled')
  return true
}

type RefundedPayment = Pick<PaymentNotification, 'transactionId' | 'amount' | 'cancelledAmount'>
