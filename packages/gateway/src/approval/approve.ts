import { excludeWait } from '../logging/current-request.ts'
import type { Merchant } from '../merchants/model.ts'
import { findMerchant } from '../merchants/store.ts'
import { singleFlight } from '../storage/batching.ts'
import { findCard } from '../vault/store.ts'
import { authorize, reasonNotToAuthorize } from './authorize.ts'
import { expirePayment } from './close-payment.ts'
import { hasPassed, isIndeterminate, type Payment } from './model.ts'
import { approvalsInProgress } from './overdue.ts'
import { pollWithinReadTimeout, withinReadTimeout } from './read-timeout.ts'
import { type ApprovalContext, recordOutcome, writeUnresolvedAnswer } from './record-outcome.ts'
import { findPayment } from './store.ts'
import { type ApprovalTicket, explainTicket, ticketMatches } from './ticket.ts'
import { merchantPartOf } from './transaction-id.ts'
import { transitionPayment } from './transition.ts'
import { currentAnswer, reasonNotFound, writeRejection } from './write-answer.ts'

/**
 * Approves the payment and returns the body of the answer. Idempotent and single flight: repeated and concurrent calls
 * with the same ticket get the same bytes, and the card network is called once (Q38).
 */
export function approve(gateway: ApprovalContext, ticket: ApprovalTicket): Promise<string> {
  let isFirst = false
  const answer = singleFlight(gateway, `approve ${ticket.transactionId} ${ticket.approvalTicket}`, () => {
    isFirst = true
    return approveOnce(gateway, ticket)
  })
  const inTime = (): Promise<string> =>
    withinReadTimeout(gateway, answer, () => writeRejection(ticket, 'approval_in_progress'))
  return isFirst ? inTime() : excludeWait(inTime)
}

async function approveOnce(
  gateway: ApprovalContext,
  { transactionId, approvalTicket }: ApprovalTicket,
): Promise<string> {
  // The transaction id names its merchant: both are read at the same time.
  const [payment, merchant] = await Promise.all([
    findPayment(gateway, transactionId),
    findMerchant(gateway, merchantPartOf(transactionId)),
  ])
  // One answer for both, so that it does not reveal which transaction ids exist (Q39).
  if (payment === undefined || !ticketMatches(payment, approvalTicket)) {
    gateway.log.warn('ticket_unknown', { transactionId, isTransactionKnown: payment !== undefined })
    explainTicket(payment)
    return writeRejection({ transactionId }, await reasonNotFound(gateway, transactionId, 'approval_ticket_unknown'))
  }
  if (payment.state !== 'authenticated') return answerAgain(gateway, payment)

  const now = gateway.runtime.now()
  if (payment.ticketExpiresAt === undefined || hasPassed(payment.ticketExpiresAt, now)) {
    const hasEnded = await expirePayment(gateway, payment, 'authenticated')
    return hasEnded ? writeRejection(payment, 'approval_ticket_expired') : answerOfAnotherProcess(gateway, payment)
  }
  if (merchant === undefined) return writeRejection(payment, 'merchant_unknown')
  // Nothing is claimed yet: the ticket stays valid.
  const reason = reasonNotToAuthorize(gateway, payment, merchant)
  if (reason !== undefined) return writeRejection(payment, reason)
  return claimAndAuthorize(gateway, payment, merchant, now)
}

async function claimAndAuthorize(
  gateway: ApprovalContext,
  payment: Payment,
  merchant: Merchant,
  begunAt: Date,
): Promise<string> {
  const { transactionId } = payment
  const card = findCard(gateway, { cardId: payment.cardId ?? '', memberId: payment.memberId ?? '' })
  // The rejection is handled where the card is used; a lost claim uses none.
  card.catch(() => {})
  const inProgress = approvalsInProgress(gateway)
  inProgress.add(transactionId)
  try {
    // The claim: a compare-and-set, which one of concurrent approvals wins.
    const head = await transitionPayment(gateway, {
      transactionId,
      from: 'authenticated',
      event: 'approvalRequested',
      at: begunAt,
      expected: payment,
    })
    if (head !== undefined) {
      const { outcome, shown } = await authorize(gateway, payment, { card, merchant, begunAt })
      const claimed = { ...payment, state: 'approving', head } as const
      return await recordOutcome(gateway, { payment: claimed, merchant, card: shown }, outcome)
    }
  } finally {
    inProgress.delete(transactionId)
  }
  return answerOfAnotherProcess(gateway, payment)
}

async function answerAgain(gateway: ApprovalContext, payment: Payment): Promise<string> {
  if (payment.state === 'expired') return writeRejection(payment, 'approval_ticket_expired')
  if (isIndeterminate(payment)) return writeUnresolvedAnswer(gateway, payment)
  // Nothing is charged and no other answer was given: replayed under every profile.
  if (payment.state === 'reversed' && payment.answer !== undefined) return payment.answer
  if (payment.state === 'approving') return answerOfAnotherProcess(gateway, payment)
  const merchant = await findMerchant(gateway, payment.merchantId)
  const replayUntil = new Date((payment.answeredAt?.getTime() ?? 0) + gateway.settings.answerReplayMs)
  const isReplayed = merchant?.repeatedApproval === 'replay' && !hasPassed(replayUntil, gateway.runtime.now())
  return (isReplayed ? currentAnswer(payment, merchant) : undefined) ?? writeRejection(payment, 'approval_ticket_spent')
}

/** Another process has claimed the payment, and may have died since: polls the database for its answer. */
export async function answerOfAnotherProcess(gateway: ApprovalContext, known: Payment): Promise<string> {
  const { transactionId, merchantId } = known
  const read = async (): Promise<string | undefined> => {
    const payment = await findPayment(gateway, transactionId)
    if (payment === undefined) return undefined
    if (isIndeterminate(payment)) return writeUnresolvedAnswer(gateway, payment)
    if (payment.state === 'expired') return writeRejection(payment, 'approval_ticket_expired')
    return currentAnswer(payment, await findMerchant(gateway, merchantId))
  }
  const answer = await excludeWait(() => pollWithinReadTimeout(gateway, read))
  return answer ?? writeRejection(known, 'approval_in_progress')
}
