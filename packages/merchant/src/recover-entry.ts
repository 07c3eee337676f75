import { approvalResult } from '@sspay/protocol'
import { readAnswer } from './answer.ts'
import type { Approved, Declined, Unknown, UnknownCause } from './approval-outcome.ts'
import { ApprovalTicket } from './approval-ticket.ts'
import { requestApproval } from './approve.ts'
import { cancel } from './cancel.ts'
import type { CancelOutcome, CancelUnknownCause } from './cancel-outcome.ts'
import { inquire } from './inquire.ts'
import { type BegunPayment, type PaymentJournal, type PendingPayment, recordedOutcomeOf } from './journal.ts'
import type { Merchant } from './merchant.ts'
import { isChargedOtherwise, namesAnotherOrder } from './order-mismatch.ts'
import { type FoundEntry, repeatCharge } from './repeat-charge.ts'
import { isCharge } from './stored-charge.ts'

/** The shop does not want the payment, and the money is refunded. */
export interface RefundedPayment {
  readonly outcome: 'cancelled'
  readonly transactionId: string
  /** Won; absent if another system refunded it. */
  readonly amount?: number
}

/** A certain outcome that `recover` reports to the shop. */
export type RecoveredOutcome = Approved | Declined | RefundedPayment

/**
 * Why a payment is still pending after `recover`.
 *
 * | reason | waits for |
 * |---|---|
 * | `outcome_unknown` | the payment service: no answer, approval in progress, card network not answering; see `cause` |
 * | `waiting_for_expiry` | the expiry of the ticket: the payment is abandoned, or not the shop's order, and an approval
 * in flight could still succeed |
 * | `mismatch` | a person: another amount, a tampered order or another order was approved; see `cause`. Another order
 * is not refunded automatically |
 * | `contradiction` | a person: the payment was approved before and now is not; once the money is found,
 * `recordOutcome` it as cancelled |
 * | `cancel_unknown` | the payment service: it is not known whether the money is refunded; see `cause` |
 * | `cancel_rejected` | a person: the refund was rejected; see `code` |
 * | `cancel_password_missing` | the option `cancelPassword`: the payment is abandoned and approved |
 * | `not_marked_paid` | the shop: `onOutcome` did not mark the order paid, or another payment paid it; then `isWanted`
 * must say no |
 * | `shop_error` | the shop: journal, `isWanted` or `onOutcome` threw `error` |
 */
export type PendingReason =
  | 'outcome_unknown'
  | 'waiting_for_expiry'
  | 'mismatch'
  | 'contradiction'
  | 'cancel_unknown'
  | 'cancel_rejected'
  | 'cancel_password_missing'
  | 'not_marked_paid'
  | 'shop_error'

/** A payment that `recover` could not finish. */
export interface RemainingPayment {
  readonly transactionId: string
  readonly orderId: string
  readonly reason: PendingReason
  readonly cause?: UnknownCause | CancelUnknownCause
  /** 결과코드, if there was one. */
  readonly code?: string
  readonly error?: unknown
}

/** Options of {@link recover}. */
export interface RecoveryOptions {
  readonly journal: PaymentJournal
  /**
   * Whether the shop still wants this payment: false if its order was closed, sold out, or paid by another payment.
   * False is final, unless the payment was marked paid in the meantime. True for the payment that paid its order.
   */
  readonly isWanted: (payment: BegunPayment) => boolean | Promise<boolean>
  /**
   * Receives each certain outcome. Approved: mark the order paid with `journal.markPaid`, which closes the payment.
   * Declined and cancelled: the payment is closed after this resolved, so it is called at least once; make it
   * idempotent.
   */
  readonly onOutcome: (outcome: RecoveredOutcome, payment: BegunPayment) => unknown
  /**
   * 취소 비밀번호, six digits: with it, unwanted payments are refunded in full, one at a time. Without it they stay pending.
   * Five wrong ones lock refunds, so a rejected one is not sent again: see {@link cancel}.
   */
  readonly cancelPassword?: string
  /** 취소 사유, up to 100 characters. Default: 주문 취소. */
  readonly cancelReason?: string
  /** Payments processed concurrently. Default 4. */
  readonly concurrency?: number
}

/** One run over the pending payments. `refundInTurn` serializes its refunds. */
export interface RecoveryRun extends RecoveryOptions {
  readonly refundInTurn: (ask: () => Promise<CancelOutcome>) => Promise<CancelOutcome>
}

/** `closed_elsewhere`: another call has closed the payment in the meantime. */
export type EntryProgress = RecoveredOutcome['outcome'] | 'closed_elsewhere' | RemainingPayment

/** What became of an entry, under the transaction id that it has now. */
export interface RecoveredEntry {
  readonly transactionId: string
  readonly progress: EntryProgress
}

/** Finishes one payment as far as possible now. Rejects only with errors of the shop's journal and callbacks. */
export async function recoverEntry(
  merchant: Merchant,
  options: RecoveryRun,
  pending: PendingPayment,
): Promise<RecoveredEntry> {
  const { entry, found } = isCharge(pending)
    ? await repeatCharge(merchant, options.journal, pending)
    : { entry: pending, found: await inquire(merchant, ticketOf(pending), pending) }
  return { transactionId: entry.transactionId, progress: await finishEntry(merchant, options, { entry, found }) }
}

const ticketOf = ({ transactionId, approvalTicket }: PendingPayment): ApprovalTicket =>
  new ApprovalTicket(transactionId, approvalTicket)

async function finishEntry(
  merchant: Merchant,
  options: RecoveryRun,
  { entry, found }: FoundEntry,
): Promise<EntryProgress> {
  if (entry.isApproved && (found.outcome === 'declined' || found.outcome === 'not_approved_yet'))
    return remaining(entry, { reason: 'contradiction' })
  switch (found.outcome) {
    case 'approved':
      return finishApproved(merchant, options, entry, found)
    case 'declined':
      return finishDeclined(options, entry, found)
    case 'cancelled':
      return finishRefunded(options, entry, { outcome: 'cancelled', transactionId: entry.transactionId })
    case 'unknown':
      return judgeUnknown(merchant, options, entry, found)
    case 'not_approved_yet': {
      const decision = found.mismatch === undefined ? await decide(options, entry) : await abandon(options, entry)
      if (decision === 'unwanted') return remaining(entry, { reason: 'waiting_for_expiry' })
      if (decision === 'closed_elsewhere') return decision
      const outcome = await requestApproval(merchant, ticketOf(entry), entry.expected)
      if (outcome.outcome === 'approved') return reportApproved(options, entry, outcome)
      if (outcome.outcome === 'declined') return finishNotApproved(options, entry, outcome)
      return judgeUnknown(merchant, options, entry, outcome)
    }
  }
}

/** Abandoning is durable before anything follows from it: from then on the payment cannot be marked paid. */
async function decide(
  options: RecoveryOptions,
  entry: PendingPayment,
): Promise<'wanted' | 'unwanted' | 'closed_elsewhere'> {
  if (entry.isAbandoned) return 'unwanted'
  return (await options.isWanted(withoutTicket(entry))) ? 'wanted' : abandon(options, entry)
}

const abandon = async (
  { journal }: RecoveryOptions,
  entry: PendingPayment,
): Promise<'unwanted' | 'closed_elsewhere'> =>
  (await journal.abandon(entry.transactionId)) ? 'unwanted' : 'closed_elsewhere'

async function finishApproved(
  merchant: Merchant,
  options: RecoveryRun,
  entry: PendingPayment,
  approved: Approved,
): Promise<EntryProgress> {
  await recordApproved(options, entry)
  const decision = await decide(options, entry)
  if (decision === 'wanted') return reportApproved(options, entry, approved)
  return decision === 'unwanted' ? refund(merchant, options, entry, approved.payment.amount) : decision
}

/** From here on the payment can only end as paid or cancelled. */
async function recordApproved(
  { journal }: RecoveryOptions,
  { transactionId, isApproved }: PendingPayment,
): Promise<void> {
  if (!isApproved) await journal.recordOutcome(transactionId, 'approved')
}

async function reportApproved(
  options: RecoveryOptions,
  entry: PendingPayment,
  approved: Approved,
): Promise<EntryProgress> {
  await recordApproved(options, entry)
  await options.onOutcome(approved, withoutTicket(entry))
  return 'approved'
}

/** A repeated approval may show that the payment was approved and cancelled in the meantime. */
const finishNotApproved = (
  options: RecoveryOptions,
  entry: PendingPayment,
  declined: Declined,
): Promise<EntryProgress> =>
  declined.reason === 'already_cancelled'
    ? finishRefunded(options, entry, { outcome: 'cancelled', transactionId: entry.transactionId })
    : finishDeclined(options, entry, declined)

async function finishDeclined(
  { journal, onOutcome }: RecoveryOptions,
  entry: PendingPayment,
  declined: Declined,
): Promise<EntryProgress> {
  await onOutcome(declined, withoutTicket(entry))
  await journal.recordOutcome(entry.transactionId, recordedOutcomeOf(declined) ?? 'declined')
  return 'declined'
}

async function finishRefunded(
  { journal, onOutcome }: RecoveryOptions,
  entry: PendingPayment,
  refunded: RefundedPayment,
): Promise<EntryProgress> {
  await onOutcome(refunded, withoutTicket(entry))
  await journal.recordOutcome(entry.transactionId, 'cancelled')
  return 'cancelled'
}

/**
 * A charge with another amount, or of a tampered order, is refunded if the shop does not want it. A charge of another
 * order pays nothing here and may rightly belong to another system of the merchant: a person decides, and the order can
 * be paid.
 */
async function judgeUnknown(
  merchant: Merchant,
  options: RecoveryRun,
  entry: PendingPayment,
  unknown: Unknown,
): Promise<EntryProgress> {
  const { cause, code, error } = unknown
  const seen = { cause, ...(code === undefined ? {} : { code }), ...(error === undefined ? {} : { error }) }
  if (!isChargedOtherwise(unknown)) return remaining(entry, { reason: 'outcome_unknown', ...seen })

  await recordApproved(options, entry)
  const isAnother = namesAnotherOrder(unknown)
  const chargedAmount = readAnswer(approvalResult, unknown.raw ?? {}).message.amount
  const decision = isAnother ? await abandon(options, entry) : await decide(options, entry)
  if (decision === 'closed_elsewhere') return decision
  return isAnother || decision === 'wanted' || chargedAmount === undefined
    ? remaining(entry, { reason: 'mismatch', ...seen })
    : refund(merchant, options, entry, chargedAmount)
}

/** In full and always with sequence 1, the idempotency key: after a lost answer nothing is refunded twice. */
async function refund(
  merchant: Merchant,
  options: RecoveryRun,
  entry: PendingPayment,
  amount: number,
): Promise<EntryProgress> {
  const { cancelPassword, cancelReason: reason = '주문 취소', refundInTurn } = options
  const { transactionId } = entry
  if (cancelPassword === undefined) return remaining(entry, { reason: 'cancel_password_missing' })
  const outcome = await refundInTurn(() =>
    cancel(merchant, { transactionId, amount, sequence: 1, cancelPassword, reason }),
  )
  switch (outcome.outcome) {
    case 'cancelled':
      return finishRefunded(options, entry, { outcome: 'cancelled', transactionId, amount })
    case 'rejected':
      return outcome.reason === 'already_cancelled'
        ? finishRefunded(options, entry, { outcome: 'cancelled', transactionId })
        : remaining(entry, { reason: 'cancel_rejected', code: outcome.code })
    case 'unknown': {
      const { cause, code } = outcome
      return remaining(entry, { reason: 'cancel_unknown', cause, ...(code === undefined ? {} : { code }) })
    }
  }
}

export const remaining = (
  { transactionId, expected }: PendingPayment,
  why: Omit<RemainingPayment, 'transactionId' | 'orderId'>,
): RemainingPayment => ({ transactionId, orderId: expected.orderId, ...why })

/** Arguments of the shop's callbacks may end in its logs. */
const withoutTicket = ({ transactionId, expected, begunAt }: PendingPayment): BegunPayment => ({
  transactionId,
  expected,
  begunAt,
})
