import type { AuthorizeOutcome } from '../card-network/port.ts'
import { refusalBody } from '../http/answer.ts'
import { releaseSlotWhile } from '../http/current-request.ts'
import { findMerchant } from '../merchants/store.ts'
import { perStorage } from '../storage/per-storage.ts'
import { maskCardNumber } from '../vault/model.ts'
import { CardUnknownError, type FoundCard, findCard } from '../vault/use-card.ts'
import { expirePayment } from './abort.ts'
import { hasPassed, isUndecided, type Payment } from './model.ts'
import { movePayment } from './move-payment.ts'
import { pollWithinReadTimeout, withinReadTimeout } from './read-timeout.ts'
import { reasonNotFound } from './reason-not-found.ts'
import { type ApprovalContext, recordOutcome, writeUnresolvedAnswer } from './record-outcome.ts'
import { findPayment } from './store.ts'
import { type ApprovalTicket, ticketMatches } from './ticket.ts'
import { merchantPartOf } from './transaction-id.ts'

const runningOn = perStorage(() => new Map<string, Promise<string>>())

/**
 * Takes the payment and returns the body of the answer. Calls with the same ticket that come while the first still runs share its
 * answer, byte for byte; the card network is asked once (Q38).
 */
export function approve(gateway: ApprovalContext, ticket: ApprovalTicket): Promise<string> {
  const running = runningOn(gateway)
  const key = `${ticket.transactionId} ${ticket.approvalTicket}`
  const known = running.get(key)
  if (known !== undefined) return releaseSlotWhile(() => withinReadTimeout(gateway, known, answerInProgress))
  const first = approveOnce(gateway, ticket).finally(() => running.delete(key))
  running.set(key, first)
  return withinReadTimeout(gateway, first, answerInProgress)
}

const answerInProgress = (): string => refusalBody('approval_in_progress')

async function approveOnce(
  gateway: ApprovalContext,
  { transactionId, approvalTicket }: ApprovalTicket,
): Promise<string> {
  // The transaction id names its merchant, so that neither waits for the other.
  const [payment, merchant] = await Promise.all([
    findPayment(gateway, transactionId),
    findMerchant(gateway, merchantPartOf(transactionId)),
  ])
  // Q39: one answer for both, so that nobody learns which transaction ids exist.
  if (payment === undefined || !ticketMatches(payment, approvalTicket)) {
    gateway.log.warn('ticket_unknown', { transactionId, isTransactionKnown: payment !== undefined })
    return refusalBody(await reasonNotFound(gateway, transactionId, 'ticket_unknown'))
  }
  if (payment.state !== 'authenticated') return answerAgain(gateway, payment)

  const now = gateway.runtime.now()
  if (payment.ticketExpiresAt === undefined || hasPassed(payment.ticketExpiresAt, now)) {
    const hasEnded = await expirePayment(gateway, transactionId, 'authenticated')
    return hasEnded ? refusalBody('ticket_expired') : answerOfAnotherProcess(gateway, payment)
  }
  if (merchant === undefined) return refusalBody('merchant_unknown')
  // Nothing is claimed yet: the ticket stays good.
  if (gateway.cardNetwork.permitAuthorization?.() === false) {
    gateway.log.warn('approval_refused', { reason: 'circuit_open', transactionId })
    return refusalBody('overloaded')
  }

  const card = findCard(gateway, { cardId: payment.cardId ?? '', memberId: payment.memberId ?? '' })
  // Whoever uses it hears that it was not found; a payment that somebody else has moved uses none.
  card.catch(() => {})
  const head = await movePayment(gateway, {
    ...{ transactionId, from: 'authenticated', event: 'approvalRequested' },
    ...{ at: now, known: payment },
  })
  if (head === undefined) return answerOfAnotherProcess(gateway, payment)

  const { acquirerMerchantNumber } = merchant
  const { outcome, maskedCardNumber } = await authorize(gateway, payment, { card, acquirerMerchantNumber })
  return recordOutcome(
    gateway,
    { payment: { ...payment, state: 'approving', head }, merchant, maskedCardNumber },
    outcome,
  )
}

async function answerAgain(gateway: ApprovalContext, payment: Payment): Promise<string> {
  if (payment.state === 'expired') return refusalBody('ticket_expired')
  if (isUndecided(payment)) return writeUnresolvedAnswer(gateway, payment)
  // Nobody was told before, and nobody is charged: that may be heard under every profile.
  if (payment.state === 'reversed' && payment.answer !== undefined) return payment.answer
  if (payment.state === 'approving') return answerOfAnotherProcess(gateway, payment)
  const merchant = await findMerchant(gateway, payment.merchantId)
  const replayUntil = new Date((payment.answeredAt?.getTime() ?? 0) + gateway.settings.answerReplayMs)
  const isReplayed = merchant?.repeatedApproval === 'replay' && !hasPassed(replayUntil, gateway.runtime.now())
  return isReplayed && payment.answer !== undefined ? payment.answer : refusalBody('ticket_spent')
}

/** Another process has the ticket, or had it when it died: its answer is in the database, soon or never. */
async function answerOfAnotherProcess(gateway: ApprovalContext, { transactionId }: Payment): Promise<string> {
  const look = async (): Promise<string | undefined> => {
    const payment = await findPayment(gateway, transactionId)
    if (payment?.answer !== undefined) return payment.answer
    if (payment !== undefined && isUndecided(payment)) return writeUnresolvedAnswer(gateway, payment)
    return payment?.state === 'expired' ? refusalBody('ticket_expired') : undefined
  }
  const answer = await releaseSlotWhile(() => pollWithinReadTimeout(gateway, look))
  return answer ?? answerInProgress()
}

/** The intent is durable by now: whatever goes wrong from here on is silence, and silence is resolved later. */
async function authorize(
  gateway: ApprovalContext,
  payment: Payment,
  { card, acquirerMerchantNumber }: { readonly card: Promise<FoundCard>; readonly acquirerMerchantNumber: string },
): Promise<{ readonly outcome: AuthorizeOutcome; readonly maskedCardNumber?: string | undefined }> {
  const { transactionId, amount, installmentMonths, isInterestFree } = payment
  const terms = { transactionId, amount, installmentMonths, isInterestFree, acquirerMerchantNumber }
  const silent = (cause: unknown): AuthorizeOutcome => {
    gateway.log.error('authorization_failed', { transactionId, cause })
    return { outcome: 'silent' }
  }
  try {
    return await (await card).use(async (clearCard) => ({
      outcome: await gateway.cardNetwork.authorize({ ...clearCard, ...terms }).catch(silent),
      maskedCardNumber: maskCardNumber(clearCard.cardNumber),
    }))
  } catch (cause) {
    if (cause instanceof CardUnknownError) return { outcome: { outcome: 'declined', reason: 'card_number_invalid' } }
    return { outcome: silent(cause) }
  }
}
