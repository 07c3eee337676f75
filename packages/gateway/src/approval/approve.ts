import type { ResultReason } from '@sspay/protocol'
import type { AuthorizeOutcome } from '../card-network/port.ts'
import { reportUnusableAnswer } from '../card-network/unusable-answers.ts'
import { rejectionBody } from '../http/answer.ts'
import { releaseSlotWhile } from '../http/current-request.ts'
import { isUsable, type Merchant } from '../merchants/model.ts'
import { findMerchant } from '../merchants/store.ts'
import { perStorage } from '../storage/per-storage.ts'
import { maskCardNumber } from '../vault/model.ts'
import { CardUnknownError, type FoundCard, findCard } from '../vault/use-card.ts'
import { expirePayment } from './abort.ts'
import { authorizingHere } from './authorizing-here.ts'
import { currentAnswer } from './current-answer.ts'
import { isIntentTooOld } from './intent-age.ts'
import { hasPassed, isIndeterminate, type Payment } from './model.ts'
import { movePayment } from './move-payment.ts'
import { pollWithinReadTimeout, withinReadTimeout } from './read-timeout.ts'
import { reasonNotFound } from './reason-not-found.ts'
import { type ApprovalContext, recordOutcome, writeUnresolvedAnswer } from './record-outcome.ts'
import { findPayment } from './store.ts'
import { type ApprovalTicket, ticketMatches } from './ticket.ts'
import { merchantPartOf } from './transaction-id.ts'
import { findUnwritableFields } from './write-answer.ts'

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

const answerInProgress = (): string => rejectionBody('approval_in_progress')

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
    return rejectionBody(await reasonNotFound(gateway, transactionId, 'approval_ticket_unknown'))
  }
  if (payment.state !== 'authenticated') return answerAgain(gateway, payment)

  const now = gateway.runtime.now()
  if (payment.ticketExpiresAt === undefined || hasPassed(payment.ticketExpiresAt, now)) {
    const hasEnded = await expirePayment(gateway, transactionId, 'authenticated')
    return hasEnded ? rejectionBody('approval_ticket_expired') : answerOfAnotherProcess(gateway, payment)
  }
  if (merchant === undefined) return rejectionBody('merchant_unknown')
  // Nothing is claimed yet: the ticket stays good.
  const reason = reasonNotToAuthorize(gateway, payment, merchant)
  if (reason !== undefined) return rejectionBody(reason)
  return claimAndAuthorize(gateway, payment, merchant, now)
}

/** Why nothing must be claimed: the answer about it could not be written, or the card network is away. */
function reasonNotToAuthorize(
  gateway: ApprovalContext,
  payment: Payment,
  merchant: Merchant,
): ResultReason | undefined {
  const { transactionId, merchantId } = payment
  if (!isUsable(merchant)) {
    gateway.log.warn('approval_rejected', { reason: 'merchant_unusable', transactionId, merchantId })
    return 'merchant_unusable'
  }
  const unwritable = findUnwritableFields({ payment, merchant })
  if (unwritable.length > 0) {
    const fields = { reason: 'answer_unwritable', transactionId, merchantId, fields: unwritable.join(' ') }
    reportUnusableAnswer(gateway.log, 'gateway', 'approval_rejected', fields)
    return 'field_invalid'
  }
  if (gateway.cardNetwork.permitAuthorization?.() !== false) return undefined
  gateway.log.warn('approval_rejected', { reason: 'circuit_open', transactionId })
  return 'overloaded'
}

async function claimAndAuthorize(
  gateway: ApprovalContext,
  payment: Payment,
  merchant: Merchant,
  begunAt: Date,
): Promise<string> {
  const { transactionId } = payment
  const card = findCard(gateway, { cardId: payment.cardId ?? '', memberId: payment.memberId ?? '' })
  // Whoever uses it hears that it was not found; a payment that somebody else has moved uses none.
  card.catch(() => {})
  const here = authorizingHere(gateway)
  here.add(transactionId)
  try {
    const claim = { transactionId, from: 'authenticated', event: 'approvalRequested', at: begunAt } as const
    const head = await movePayment(gateway, { ...claim, known: payment })
    if (head !== undefined) {
      const { acquirerMerchantNumber } = merchant
      const asked = { card, acquirerMerchantNumber, begunAt }
      const { outcome, maskedCardNumber } = await authorize(gateway, payment, asked)
      const claimed = { ...payment, state: 'approving', head } as const
      return await recordOutcome(gateway, { payment: claimed, merchant, maskedCardNumber }, outcome)
    }
  } finally {
    here.delete(transactionId)
  }
  return answerOfAnotherProcess(gateway, payment)
}

async function answerAgain(gateway: ApprovalContext, payment: Payment): Promise<string> {
  if (payment.state === 'expired') return rejectionBody('approval_ticket_expired')
  if (isIndeterminate(payment)) return writeUnresolvedAnswer(gateway, payment)
  // Nobody was told before, and nobody is charged: that may be heard under every profile.
  if (payment.state === 'reversed' && payment.answer !== undefined) return payment.answer
  if (payment.state === 'approving') return answerOfAnotherProcess(gateway, payment)
  const merchant = await findMerchant(gateway, payment.merchantId)
  const replayUntil = new Date((payment.answeredAt?.getTime() ?? 0) + gateway.settings.answerReplayMs)
  const isReplayed = merchant?.repeatedApproval === 'replay' && !hasPassed(replayUntil, gateway.runtime.now())
  return (isReplayed ? currentAnswer(payment, merchant) : undefined) ?? rejectionBody('approval_ticket_spent')
}

/** Another process has the ticket, or had it when it died: its answer is in the database, soon or never. */
async function answerOfAnotherProcess(
  gateway: ApprovalContext,
  { transactionId, merchantId }: Payment,
): Promise<string> {
  const look = async (): Promise<string | undefined> => {
    const payment = await findPayment(gateway, transactionId)
    if (payment === undefined) return undefined
    if (isIndeterminate(payment)) return writeUnresolvedAnswer(gateway, payment)
    if (payment.state === 'expired') return rejectionBody('approval_ticket_expired')
    return currentAnswer(payment, await findMerchant(gateway, merchantId))
  }
  const answer = await releaseSlotWhile(() => pollWithinReadTimeout(gateway, look))
  return answer ?? answerInProgress()
}

interface Asked {
  readonly card: Promise<FoundCard>
  readonly acquirerMerchantNumber: string
  readonly begunAt: Date
}

/** The intent is durable by now: whatever goes wrong from here on is silence, and silence is resolved later. */
async function authorize(
  gateway: ApprovalContext,
  payment: Payment,
  { card, acquirerMerchantNumber, begunAt }: Asked,
): Promise<{ readonly outcome: AuthorizeOutcome; readonly maskedCardNumber?: string | undefined }> {
  const { transactionId, amount, installmentMonths, isInterestFree } = payment
  const terms = { transactionId, amount, installmentMonths, isInterestFree, acquirerMerchantNumber }
  const silent = (cause: unknown): AuthorizeOutcome => {
    gateway.log.error('authorization_failed', { transactionId, cause })
    return { outcome: 'silent' }
  }
  if (isIntentTooOld(begunAt, gateway.runtime.now())) {
    gateway.log.warn('authorization_too_late', { transactionId })
    return { outcome: { outcome: 'silent' } }
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
