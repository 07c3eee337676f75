import { askWithTicket, chargedOutcome, declinedOutcome, unknownAfter, unknownOutcome } from './approval-answer.ts'
import { meaningOf } from './approval-meaning.ts'
import type { ApprovalOutcome, ExpectedPayment } from './approval-outcome.ts'
import { inquire } from './inquire.ts'
import { type PaymentJournal, settlementOf } from './journal.ts'
import type { Merchant } from './merchant.ts'
import type { PaymentTicket } from './payment-ticket.ts'

export interface ApproveOptions {
  /** What the shop's own records say, never what the browser sent. */
  readonly expected: ExpectedPayment
  /** Where the intent is written before anything is sent, and the outcome after. */
  readonly journal: PaymentJournal
}

/**
 * Takes the payment the buyer has authenticated (승인; guide, STEP 3). Money moves here, and only here.
 *
 * `approved` is said only of an answer with result code 3001 whose signature, amount, order and transaction are right: go on with
 * `creditOnce`. Trouble of any kind is the outcome `unknown`, not an exception, and `recover` finishes it. The same call again is harmless:
 * where the service refuses a repeat, its stored answer is inquired. Takes at most twice `connectTimeoutMs + readTimeoutMs`.
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
  const mayAsk = await journal.intend({ transactionId, approvalTicket, expected, intendedAt: merchant.now() })
  if (!mayAsk) return unknownOutcome(transactionId, 'given_up')

  const outcome = await requestApproval(merchant, ticket, expected)
  const settlement = settlementOf(outcome)
  try {
    if (settlement !== undefined) await journal.settle(transactionId, settlement)
  } catch {
    // The outcome is worth more than its record: the entry stays open, and recover writes it.
  }
  return outcome
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
    case 'charged':
      return chargedOutcome(merchant, answer, expected)
    case 'not_charged':
      return declinedOutcome(answer)
    case 'ticket_spent': {
      const found = await inquire(merchant, ticket, { expected })
      return found.outcome === 'not_approved_yet' || found.outcome === 'cancelled'
        ? unknownAfter(answer, meaning)
        : found
    }
    default:
      return unknownAfter(answer, meaning)
  }
}
