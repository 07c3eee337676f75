import {
  askWithTicket,
  chargedOutcome,
  declinedOutcome,
  rejectedByShop,
  unknownAfter,
  unknownOutcome,
} from './approval-answer.ts'
import { meaningOf } from './approval-meaning.ts'
import type { ApprovalOutcome, ExpectedPayment, UnknownCause } from './approval-outcome.ts'
import { inquire } from './inquire.ts'
import { type KnownPayment, type PaymentJournal, recordedOutcomeOf } from './journal.ts'
import { standingOf } from './journal-state.ts'
import { askForApproval, judgeInquiry } from './judge-inquiry.ts'
import type { Merchant } from './merchant.ts'
import { namesAnotherOrder } from './order-mismatch.ts'
import type { PaymentTicket } from './payment-ticket.ts'

/** What `approve` compares with, and where it writes down what it does. */
export interface ApproveOptions {
  /** What the shop's own records say, never what the browser sent. */
  readonly expected: ExpectedPayment
  /** Where the intent is written before anything is sent, and the outcome after. */
  readonly journal: PaymentJournal
}

/**
 * Takes the payment the buyer has authenticated (승인; guide, STEP 3). Money moves here, and only here. Authorise the return first: the session
 * of the buyer, or `isPaymentOf` for a browser that brings none.
 *
 * - `approved` is said only of an answer with result code 3001 whose amount, order, transaction and, where it carries one, signature are
 *   right, and which names no cancellation since: go on with `markPaidOnce`.
 * - `declined`: the order is as unpaid as before, and another payment may pay it. The journal closes the entry at once, so a shop that dies
 *   before it has written the refusal down is not told by `recover`. Nothing is lost: the same call again, by a reload, is told the same, and
 *   a shop whose orders have a state of their own while they are approved sets those without an open entry back when it starts. With the
 *   `tampering` `order_differs` the ticket belongs to another order: say nothing about this one.
 * - `unknown`: trouble of any kind, which is no exception; `recover` finishes it.
 *
 * The same call again is harmless: what the journal knows is inquired first, and without an answer to that it is `unknown`, because a repeated
 * approval may repeat an answer that was cancelled since. So is every payment of a merchant that seals its orders: what the service shows to
 * be another order's, or tampered with, is declined before money moves and before anything is written about this order. A service that does
 * not answer the inquiry is asked for a payment that the journal does not know, and its answer is compared.
 * Takes at most `connectTimeoutMs + readTimeoutMs` for each of up to three requests; one is usual.
 *
 * Rejects only when the journal cannot be read, or cannot write the intent; then no approval was asked for and no money has moved. When it
 * cannot write the outcome, the outcome is returned all the same and the entry stays open for `recover`.
 */
export async function approve(
  merchant: Merchant,
  ticket: PaymentTicket,
  options: ApproveOptions,
): Promise<ApprovalOutcome> {
  const { expected, journal } = options
  const { transactionId } = ticket
  const known = await journal.find(transactionId)
  const bar = known === undefined ? undefined : barOf(known, expected)
  if (bar !== undefined) return unknownOutcome(transactionId, bar)

  const isInquired = known !== undefined || merchant.signsOrders
  const judgement = isInquired
    ? judgeInquiry(transactionId, await inquire(merchant, ticket, { expected }), known?.state)
    : askForApproval
  if (judgement.next === 'end' && judgement.writes !== 'entry') {
    const { outcome, writes } = judgement
    if (writes === 'abandoned') await attempt(() => journal.abandon(transactionId))
    if (writes === 'outcome') await attempt(() => recordOutcome(journal, transactionId, outcome))
    return outcome
  }

  const approvalTicket = ticket.exposeApprovalTicket()
  const standing = await journal.begin({ transactionId, approvalTicket, expected, begunAt: merchant.now() })
  if (standing === 'closed') return unknownOutcome(transactionId, 'abandoned')
  // Another call has begun with the same ticket meanwhile: now it is a known one.
  if (standing === 'known' && known === undefined) return approve(merchant, ticket, options)

  const outcome = judgement.next === 'end' ? judgement.outcome : await requestApproval(merchant, ticket, expected)
  await attempt(() => recordOutcome(journal, transactionId, outcome))
  return outcome
}

/** Why nothing is asked for a payment that the journal knows. */
function barOf(known: KnownPayment, expected: ExpectedPayment): UnknownCause | undefined {
  if (standingOf(known.state) === 'closed') return 'abandoned'
  return known.expected !== undefined && known.expected.orderId !== expected.orderId ? 'order_mismatch' : undefined
}

/** The outcome is worth more than its record: without it the entry stays open, and `recover` writes it. */
async function attempt(record: () => Promise<unknown>): Promise<void> {
  try {
    await record()
  } catch {}
}

async function recordOutcome(journal: PaymentJournal, transactionId: string, outcome: ApprovalOutcome): Promise<void> {
  const recordedOutcome = recordedOutcomeOf(outcome)
  if (recordedOutcome !== undefined) await journal.recordOutcome(transactionId, recordedOutcome)
  // It pays no order here, so it must not keep this one from being paid; what becomes of the money, a person decides.
  if (outcome.outcome === 'unknown' && namesAnotherOrder(outcome)) await journal.abandon(transactionId)
}

/** The approval without the journal: for an entry that stands in it already. */
export async function requestApproval(
  merchant: Merchant,
  ticket: PaymentTicket,
  expected: ExpectedPayment,
): Promise<ApprovalOutcome> {
  const asked = await askWithTicket(merchant, ticket, merchant.endpoints.approval)
  if (!asked.ok) return asked.unknown
  const { answer } = asked
  const meaning = meaningOf(answer.code)
  switch (meaning) {
    case 'charged': {
      // A repeated approval gets its first answer again, with the state that the payment is in now.
      const outcome = chargedOutcome(merchant, answer, expected)
      return outcome.outcome === 'cancelled' ? rejectedByShop('already_cancelled', outcome.raw) : outcome
    }
    case 'not_charged':
      return declinedOutcome(answer)
    case 'ticket_spent': {
      const found = await inquire(merchant, ticket, { expected })
      if (found.outcome === 'cancelled') return rejectedByShop('already_cancelled', found.raw)
      return found.outcome === 'not_approved_yet' ? unknownAfter(answer, meaning) : found
    }
    default:
      return unknownAfter(answer, meaning)
  }
}
