import {
  askWithTicket,
  cancelledOutcome,
  chargedOutcome,
  declinedIfCancelled,
  declinedOutcome,
  unknownAfter,
  unknownOutcome,
} from './approval-answer.ts'
import type { ApprovalOutcome, ExpectedPayment, UnknownCause } from './approval-outcome.ts'
import type { ApprovalTicket } from './approval-ticket.ts'
import { inquire } from './inquire.ts'
import { beginResultOf, type PaymentJournal, type RecordedPayment, recordedOutcomeOf } from './journal.ts'
import { judgeInquiry, requestNow } from './judge-inquiry.ts'
import type { Merchant } from './merchant.ts'
import { namesAnotherOrder } from './order-mismatch.ts'
import { approvalMeaningOf } from './result-meaning.ts'

/** Options of {@link approve}. */
export interface ApproveOptions {
  /** Order and amount of the shop's own records, never of the browser. */
  readonly expected: ExpectedPayment
  /** Stores the payment before the approval is requested, and its outcome afterwards. */
  readonly journal: PaymentJournal
}

/**
 * Approves the payment that the buyer has authenticated (승인; guide, STEP 3). Only this function moves money. Authorize
 * the return first: by the buyer's session, or by {@link isPaymentOf} for a browser that brings none.
 *
 * - `approved`: the answer has result code 3001, names the expected amount, order and transaction, is signed correctly
 *   if signed, and names no refund. Continue with `journal.markPaid`.
 * - `declined`: the order is as unpaid as before, and another payment may pay it. The journal closes the payment at
 *   once; the same call, after a reload, returns the same. With `tampering: 'order_differs'` the ticket belongs to
 *   another order: reveal nothing about this one.
 * - `unknown`: money may have moved; `recover` finds out. Errors of every kind are this outcome, not an exception.
 *
 * Idempotent: a payment that the journal knows is inquired first, because a repeated approval repeats its first answer,
 * even if it was cancelled since. So is every payment of a merchant that signs its orders: tampering is found before
 * money moves. Each of up to three requests takes at most `connectTimeoutMs + readTimeoutMs`; one request is usual.
 *
 * @param approvalTicket - From `readAuthentication` or `receiveAuthentication`.
 * @param options - Expected payment and journal.
 * @returns The outcome. If the journal could not record it, `journalError` holds the error: the payment stays pending
 * and
 *   `recover` records it.
 * @throws The error of the journal if it cannot be read, or cannot store the payment. Nothing was requested, no money
 * moved.
 * @example
 * ```ts
 * import { type ApprovalTicket, approve, type Merchant, type PaymentJournal } from '@sspay/merchant'
 *
 * export async function pay(merchant: Merchant, journal: PaymentJournal, approvalTicket: ApprovalTicket) {
 *   const expected = { orderId: 'ORD0001', amount: 1004 }
 *   const outcome = await approve(merchant, approvalTicket, { expected, journal })
 *   switch (outcome.outcome) {
 *     case 'approved':
 *       await journal.markPaid(outcome.payment, () => console.log('paid'))
 *       return '결제했어요.'
 *     case 'declined':
 *       return outcome.message.ko
 *     case 'unknown':
 *       return '결제 결과를 확인하고 있어요. 다시 결제하지 말아 주세요.'
 *   }
 * }
 * ```
 */
export async function approve(
  merchant: Merchant,
  approvalTicket: ApprovalTicket,
  options: ApproveOptions,
): Promise<ApprovalOutcome> {
  const { expected, journal } = options
  const { transactionId } = approvalTicket
  const known = await journal.find(transactionId)
  const bar = known === undefined ? undefined : barOf(known, expected)
  if (bar !== undefined) return unknownOutcome(transactionId, bar)

  const isInquired = known !== undefined || merchant.signsOrders
  const judgement = isInquired
    ? judgeInquiry(transactionId, await inquire(merchant, approvalTicket, { expected }), known?.state)
    : requestNow
  if (judgement.next === 'end' && judgement.writes !== 'entry') {
    const { outcome, writes } = judgement
    if (writes === 'nothing') return outcome
    return recorded(outcome, () =>
      writes === 'abandoned' ? journal.abandon(transactionId) : recordOutcome(journal, transactionId, outcome),
    )
  }

  const begun = await journal.begin({
    transactionId,
    approvalTicket: approvalTicket.exposeSecret(),
    expected,
    begunAt: merchant.now(),
  })
  if (begun === 'closed') return unknownOutcome(transactionId, 'abandoned')
  // A concurrent call has stored the same transaction: treat it as known.
  if (begun === 'known' && known === undefined) return approve(merchant, approvalTicket, options)

  const outcome =
    judgement.next === 'end' ? judgement.outcome : await requestApproval(merchant, approvalTicket, expected)
  return recorded(outcome, () => recordOutcome(journal, transactionId, outcome))
}

/** Why nothing is requested for a payment that the journal knows. */
function barOf(known: RecordedPayment, expected: ExpectedPayment): UnknownCause | undefined {
  if (beginResultOf(known.state) === 'closed') return 'abandoned'
  return known.expected !== undefined && known.expected.orderId !== expected.orderId ? 'order_mismatch' : undefined
}

/** The caller needs the outcome even if the journal fails: the payment stays pending, and `recover` records it. */
export async function recorded(outcome: ApprovalOutcome, record: () => Promise<unknown>): Promise<ApprovalOutcome> {
  try {
    await record()
    return outcome
  } catch (journalError) {
    return { ...outcome, journalError }
  }
}

async function recordOutcome(journal: PaymentJournal, transactionId: string, outcome: ApprovalOutcome): Promise<void> {
  const recordedOutcome = recordedOutcomeOf(outcome)
  if (recordedOutcome !== undefined) await journal.recordOutcome(transactionId, recordedOutcome)
  // It does not pay this order, so it must not keep the order from being paid; a person decides about the money.
  if (outcome.outcome === 'unknown' && namesAnotherOrder(outcome)) await journal.abandon(transactionId)
}

/** Requests the approval of a payment that the journal has stored. */
export async function requestApproval(
  merchant: Merchant,
  approvalTicket: ApprovalTicket,
  expected: ExpectedPayment,
): Promise<ApprovalOutcome> {
  const asked = await askWithTicket(merchant, approvalTicket, merchant.endpoints.approval)
  if (!asked.ok) return asked.unknown
  const { answer } = asked
  const meaning = approvalMeaningOf(answer.code)
  switch (meaning) {
    case 'charged':
      // A repeated approval gets its first answer, with the current state.
      return declinedIfCancelled(chargedOutcome(merchant, answer, expected))
    case 'not_charged':
      return declinedOutcome(answer)
    case 'cancelled':
      return declinedIfCancelled(cancelledOutcome(answer))
    case 'approval_ticket_spent': {
      const found = await inquire(merchant, approvalTicket, { expected })
      return found.outcome === 'not_approved_yet' ? unknownAfter(answer, meaning) : declinedIfCancelled(found)
    }
    default:
      return unknownAfter(answer, meaning)
  }
}
