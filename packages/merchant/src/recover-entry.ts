import { approvalResult } from '@sspay/protocol'
import { readAnswer } from './answer.ts'
import type { Approved, Declined, Unknown } from './approval-outcome.ts'
import { requestApproval } from './approve.ts'
import { cancel } from './cancel.ts'
import { inquire } from './inquire.ts'
import { type OpenEntry, type PaymentIntent, type PaymentJournal, recordedOutcomeOf } from './journal.ts'
import type { Merchant } from './merchant.ts'
import { isChargedOtherwise, namesAnotherOrder } from './order-mismatch.ts'
import { PaymentTicket } from './payment-ticket.ts'
import type { RecoveredOutcome, StillOpen, TakenBack } from './recovery-report.ts'
import type { RefundInTurn } from './refund-in-turn.ts'

/** How open payments are finished. */
export interface RecoveryOptions {
  readonly journal: PaymentJournal
  /**
   * Whether the shop still wants this payment for its order: no when the order was given up, sold out, or paid by another payment. A no is
   * final, unless the payment was credited in the meantime: then it stands. Asked about a payment that credited its order, say yes.
   */
  readonly isWanted: (payment: PaymentIntent) => boolean | Promise<boolean>
  /**
   * Tells the shop what is certain now. Approved: credit the order with `markPaidOnce`, which closes the entry. Declined and cancelled: the entry
   * is closed once this has resolved, so it may be told twice, never not at all.
   */
  readonly onOutcome: (outcome: RecoveredOutcome, payment: PaymentIntent) => unknown
  /**
   * 취소 비밀번호, six digits: with it, money that the shop does not want goes back in full, one payment at a time. Without it such entries stay
   * open. Five wrong ones lock all cancelling, so a refused one is not sent again: see `cancel`.
   */
  readonly cancelPassword?: string
  /** 취소 사유, up to 100 characters. Default: 주문 취소. */
  readonly cancelReason?: string
  /** Entries worked on at the same time. Default 4. */
  readonly concurrency?: number
}

/** One run over the open entries. */
export interface RecoveryRun extends RecoveryOptions {
  readonly refundInTurn: RefundInTurn
}

/** `elsewhere`: another call has closed the entry in the meantime. */
export type EntryProgress = RecoveredOutcome['outcome'] | 'elsewhere' | StillOpen

/** Takes one open entry as far as it goes now. Rejects only for trouble of the shop's own: its journal and its callbacks. */
export async function recoverEntry(merchant: Merchant, options: RecoveryRun, entry: OpenEntry): Promise<EntryProgress> {
  const { expected } = entry
  const ticket = new PaymentTicket(entry.transactionId, entry.approvalTicket)
  const found = await inquire(merchant, ticket, { expected })
  if (entry.isApproved && (found.outcome === 'declined' || found.outcome === 'not_approved_yet'))
    return stillOpen(entry, { reason: 'contradiction' })
  switch (found.outcome) {
    case 'approved':
      return finishApproved(merchant, options, entry, found)
    case 'declined':
      return finishDeclined(options, entry, found)
    case 'cancelled':
      return finishTakenBack(options, entry, { outcome: 'cancelled', transactionId: entry.transactionId })
    case 'unknown':
      return weighUnknown(merchant, options, entry, found)
    case 'not_approved_yet': {
      const decision = found.mismatch === undefined ? await decide(options, entry) : await abandon(options, entry)
      if (decision === 'unwanted') return stillOpen(entry, { reason: 'waiting_for_expiry' })
      if (decision === 'elsewhere') return decision
      const outcome = await requestApproval(merchant, ticket, expected)
      if (outcome.outcome === 'approved') return handApproved(options, entry, outcome)
      if (outcome.outcome === 'declined') return finishNotApproved(options, entry, outcome)
      return weighUnknown(merchant, options, entry, outcome)
    }
  }
}

/** The decision against a payment is durable before anything follows from it: from then on nobody can credit it. */
async function decide(options: RecoveryOptions, entry: OpenEntry): Promise<'wanted' | 'unwanted' | 'elsewhere'> {
  if (entry.isAbandoned) return 'unwanted'
  return (await options.isWanted(intentOf(entry))) ? 'wanted' : abandon(options, entry)
}

const abandon = async ({ journal }: RecoveryOptions, entry: OpenEntry): Promise<'unwanted' | 'elsewhere'> =>
  (await journal.abandon(entry.transactionId)) ? 'unwanted' : 'elsewhere'

async function finishApproved(
  merchant: Merchant,
  options: RecoveryRun,
  entry: OpenEntry,
  approved: Approved,
): Promise<EntryProgress> {
  await rememberApproved(options, entry)
  const decision = await decide(options, entry)
  if (decision === 'wanted') return handApproved(options, entry, approved)
  return decision === 'unwanted' ? takeBack(merchant, options, entry, approved.payment.amount) : decision
}

/** From here on the journal closes it as nothing but credited or cancelled. */
async function rememberApproved({ journal }: RecoveryOptions, { transactionId, isApproved }: OpenEntry): Promise<void> {
  if (!isApproved) await journal.recordOutcome(transactionId, 'approved')
}

async function handApproved(options: RecoveryOptions, entry: OpenEntry, approved: Approved): Promise<EntryProgress> {
  await rememberApproved(options, entry)
  await options.onOutcome(approved, intentOf(entry))
  return 'approved'
}

/** What was asked for again may turn out to have been approved and cancelled meanwhile. */
const finishNotApproved = (options: RecoveryOptions, entry: OpenEntry, declined: Declined): Promise<EntryProgress> =>
  declined.reason === 'already_cancelled'
    ? finishTakenBack(options, entry, { outcome: 'cancelled', transactionId: entry.transactionId })
    : finishDeclined(options, entry, declined)

async function finishDeclined(
  { journal, onOutcome }: RecoveryOptions,
  entry: OpenEntry,
  declined: Declined,
): Promise<EntryProgress> {
  await onOutcome(declined, intentOf(entry))
  await journal.recordOutcome(entry.transactionId, recordedOutcomeOf(declined) ?? 'declined')
  return 'declined'
}

async function finishTakenBack(
  { journal, onOutcome }: RecoveryOptions,
  entry: OpenEntry,
  takenBack: TakenBack,
): Promise<EntryProgress> {
  await onOutcome(takenBack, intentOf(entry))
  await journal.recordOutcome(entry.transactionId, 'cancelled')
  return 'cancelled'
}

/**
 * Money taken for another amount than expected, or for a tampered order, goes back when the shop does not want it. Money taken for another
 * order pays none here, and may be rightly another system's of the same merchant: a person decides, and the order can be paid again.
 */
async function weighUnknown(
  merchant: Merchant,
  options: RecoveryRun,
  entry: OpenEntry,
  unknown: Unknown,
): Promise<EntryProgress> {
  const { cause, code, error } = unknown
  const seen = { cause, ...(code === undefined ? {} : { code }), ...(error === undefined ? {} : { error }) }
  if (!isChargedOtherwise(unknown)) return stillOpen(entry, { reason: 'outcome_unknown', ...seen })

  await rememberApproved(options, entry)
  const isAnother = namesAnotherOrder(unknown)
  const takenAmount = readAnswer(approvalResult, unknown.raw ?? {}).message.amount
  const decision = isAnother ? await abandon(options, entry) : await decide(options, entry)
  if (decision === 'elsewhere') return decision
  return isAnother || decision === 'wanted' || takenAmount === undefined
    ? stillOpen(entry, { reason: 'mismatch', ...seen })
    : takeBack(merchant, options, entry, takenAmount)
}

/** In full and always with the same sequence, so that a lost answer is asked for again and nothing is given back twice. */
async function takeBack(
  merchant: Merchant,
  options: RecoveryRun,
  entry: OpenEntry,
  amount: number,
): Promise<EntryProgress> {
  const { cancelPassword, cancelReason: reason = '주문 취소', refundInTurn } = options
  const { transactionId } = entry
  if (cancelPassword === undefined) return stillOpen(entry, { reason: 'cancel_password_missing' })
  const outcome = await refundInTurn(() =>
    cancel(merchant, { transactionId, amount, sequence: 1, cancelPassword, reason }),
  )
  switch (outcome.outcome) {
    case 'cancelled':
      return finishTakenBack(options, entry, { outcome: 'cancelled', transactionId, amount })
    case 'rejected':
      return outcome.reason === 'already_cancelled'
        ? finishTakenBack(options, entry, { outcome: 'cancelled', transactionId })
        : stillOpen(entry, { reason: 'cancel_rejected', code: outcome.code })
    case 'unknown': {
      const { cause, code } = outcome
      return stillOpen(entry, { reason: 'cancel_unknown', cause, ...(code === undefined ? {} : { code }) })
    }
  }
}

export const stillOpen = (
  { transactionId, expected }: OpenEntry,
  why: Omit<StillOpen, 'transactionId' | 'orderId'>,
): StillOpen => ({ transactionId, orderId: expected.orderId, ...why })

/** Without the ticket: what is handed to the shop's code may end in its logs. */
const intentOf = ({ transactionId, expected, begunAt }: OpenEntry): PaymentIntent => ({
  transactionId,
  expected,
  begunAt,
})
