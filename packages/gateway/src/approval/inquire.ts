import { findMerchant } from '../merchants/store.ts'
import { expirePayment } from './close-payment.ts'
import { hasPassed, isIndeterminate } from './model.ts'
import { type ApprovalContext, describeForAnswer, writeUnresolvedAnswer } from './record-outcome.ts'
import { findPayment } from './store.ts'
import { type ApprovalTicket, explainTicket, ticketMatches } from './ticket.ts'
import { currentAnswer, reasonNotFound, writeNotApprovedYet, writeRejection } from './write-answer.ts'

/**
 * The current answer of a payment, for a shop that lost the first one; the same for every profile. Changes nothing, but
 * expires a ticket whose time has passed. A payment that waits for its approval is described, so that the shop can
 * compare it with its order.
 */
export async function inquire(
  gateway: ApprovalContext,
  { transactionId, approvalTicket }: ApprovalTicket,
): Promise<string> {
  const payment = await findPayment(gateway, transactionId)
  if (payment === undefined || !ticketMatches(payment, approvalTicket)) {
    explainTicket(payment)
    return writeRejection({ transactionId }, await reasonNotFound(gateway, transactionId, 'approval_ticket_unknown'))
  }
  const known = currentAnswer(payment, await findMerchant(gateway, payment.merchantId))
  if (known !== undefined) return known
  if (isIndeterminate(payment)) return writeUnresolvedAnswer(gateway, payment)
  if (payment.state === 'approving') return writeRejection(payment, 'approval_in_progress')
  if (payment.state !== 'authenticated') return writeRejection(payment, 'approval_ticket_expired')
  const isExpired = payment.ticketExpiresAt === undefined || hasPassed(payment.ticketExpiresAt, gateway.runtime.now())
  if (!isExpired) return writeNotApprovedYet(await describeForAnswer(gateway, payment))
  // Expires it first, as the answer is final: an approval that began in time may be claiming the payment at this
  // moment.
  const hasEnded = await expirePayment(gateway, payment, 'authenticated')
  return writeRejection(payment, hasEnded ? 'approval_ticket_expired' : 'approval_in_progress')
}
