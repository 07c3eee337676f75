import { refusalBody } from '../http/answer.ts'
import type { ApprovalTicket } from './approve.ts'
import { hasPassed } from './model.ts'
import { type ApprovalContext, writeUnresolvedAnswer } from './record-outcome.ts'
import { findPayment } from './store.ts'
import { ticketMatches } from './ticket.ts'

/** What became of the payment, for a shop whose approval answer was lost. Changes nothing. */
export async function inquire(
  gateway: ApprovalContext,
  { transactionId, approvalTicket }: ApprovalTicket,
): Promise<string> {
  const payment = await findPayment(gateway, transactionId)
  if (payment === undefined || !ticketMatches(payment, approvalTicket)) return refusalBody('ticket_unknown')
  if (payment.answer !== undefined) return payment.answer
  if (payment.state === 'unresolved') return writeUnresolvedAnswer(gateway, payment)
  if (payment.state === 'approving') return refusalBody('approval_in_progress')
  const isExpired = payment.ticketExpiresAt === undefined || hasPassed(payment.ticketExpiresAt, gateway.runtime.now())
  return refusalBody(isExpired ? 'ticket_expired' : 'not_approved_yet')
}
