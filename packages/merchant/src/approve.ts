import {
  askWithTicket,
  chargedOutcome,
  declinedOutcome,
  refusedByShop,
  unknownAfter,
  unknownOutcome,
} from './approval-answer.ts'
import { meaningOf } from './approval-meaning.ts'
import type { ApprovalOutcome, ExpectedPayment, UnknownCause } from './approval-outcome.ts'
import { inquire } from './inquire.ts'
import { type PaymentJournal, type Standing, settlementOf } from './journal.ts'
import type { Merchant } from './merchant.ts'
import type { PaymentTicket } from './payment-ticket.ts'

/** What `approve` compares with, and where it writes down what it does. */
export interface ApproveOptions {
  /** What the shop's own records say, never what the browser sent. */
  readonly expected: ExpectedPayment
  /** Where the intent is written before anything is sent, and the outcome after. */
  readonly journal: PaymentJournal
}

/**
 * Takes the payment the buyer has authenticated (승인; guide, STEP 3). Money moves here, and only here.
 *
 * - `approved` is said only of an answer with result code 3001 whose amount, order, transaction and, where it carries one, signature are
 *   right: go on with `creditOnce`.
 * - `declined`: the order is as unpaid as before, and another payment may pay it. The journal closes the entry at once, so a shop that dies
 *   before it has written the refusal down is not told by `recover`. Nothing is lost: the same call again, by a reload, is told the same, and
 *   a shop whose orders have a state of their own while they are approved sets those without an open entry back when it starts.
 * - `unknown`: trouble of any kind, which is no exception; `recover` finishes it.
 *
 * The same call again is harmless: what the journal knows is inquired before it is asked for again. So is every payment of a merchant that
 * seals its orders: a tampered one is declined before money moves, or is `unknown` afterwards when the service does not answer the inquiry.
 * Takes at most `connectTimeoutMs + readTimeoutMs` for each of up to three requests; one is usual.
 *
 * Rejects only when the journal cannot write the intent; then nothing was sent and no money has moved. When it cannot write the outcome, the
 * outcome is returned all the same and the entry stays open for `recover`.
 */
export async function approve(
  merchant: Merchant,
  ticket: PaymentTicket,
  { expected, journal }: ApproveOptions,
): Promise<ApprovalOutcome> {
  const { transactionId } = ticket
  const approvalTicket = ticket.exposeApprovalTicket()
  const standing = await journal.intend({ transactionId, approvalTicket, expected, intendedAt: merchant.now() })
  if (standing === 'closed') return unknownOutcome(transactionId, 'given_up')

  const outcome =
    standing === 'known' || merchant.sealsOrders
      ? await inquireThenRequest(merchant, ticket, { expected, journal }, standing)
      : await requestApproval(merchant, ticket, expected)
  const settlement = settlementOf(outcome)
  if (settlement !== undefined) await attempt(() => journal.settle(transactionId, settlement))
  return outcome
}

/** The outcome is worth more than its record: without it the entry stays open, and `recover` writes it. */
async function attempt(record: () => Promise<unknown>): Promise<void> {
  try {
    await record()
  } catch {}
}

async function inquireThenRequest(
  merchant: Merchant,
  ticket: PaymentTicket,
  { expected, journal }: ApproveOptions,
  standing: Standing,
): Promise<ApprovalOutcome> {
  const found = await inquire(merchant, ticket, { expected })
  switch (found.outcome) {
    case 'approved':
    case 'declined':
      return found
    case 'cancelled':
      return refusedByShop('already_cancelled', found.raw)
    case 'unknown':
      return saysNothing(found.cause) ? requestApproval(merchant, ticket, expected) : found
    case 'not_approved_yet': {
      const { transactionId, mismatch, raw } = found
      if (mismatch === undefined) return requestApproval(merchant, ticket, expected)
      if (standing === 'new') return refusedByShop('order_tampered', raw, mismatch)
      // An earlier request may still be under way: recover sees to it that its money goes back.
      await attempt(() => journal.giveUp(transactionId))
      return { ...unknownOutcome(transactionId, mismatch.cause, { raw }), ...mismatch }
    }
  }
}

/** No answer to the question, or a service that does not know it: the approval itself will tell. */
const saysNothing = (cause: UnknownCause): boolean =>
  ['unreachable', 'interrupted', 'timeout', 'unreadable_answer', 'unrecognized_code', 'overloaded'].includes(cause)

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
    case 'charged':
      return chargedOutcome(merchant, answer, expected)
    case 'not_charged':
      return declinedOutcome(answer)
    case 'ticket_spent': {
      const found = await inquire(merchant, ticket, { expected })
      if (found.outcome === 'cancelled') return refusedByShop('already_cancelled', found.raw)
      return found.outcome === 'not_approved_yet' ? unknownAfter(answer, meaning) : found
    }
    default:
      return unknownAfter(answer, meaning)
  }
}
