import type { WireText } from '@sspay/protocol'
import { askWithTicket, chargedOutcome, declinedOutcome, unknownAfter } from './approval-answer.ts'
import type { ApprovalOutcome, ExpectedPayment, OrderMismatch } from './approval-outcome.ts'
import { inquiryMeaningOf } from './inquiry-meaning.ts'
import type { Merchant } from './merchant.ts'
import { findWaitingMismatch } from './order-mismatch.ts'
import { type CancelledSince, contradictsEnd, contradictsWaiting } from './payment-state.ts'
import type { PaymentTicket } from './payment-ticket.ts'

/** The buyer has authenticated and nothing has been charged; until the ticket expires an approval may still follow. */
export interface NotApprovedYet {
  readonly outcome: 'not_approved_yet'
  readonly transactionId: string
  /** What waits to be approved is not the order that the shop expects: do not approve it. Absent also when the service does not describe it. */
  readonly mismatch?: OrderMismatch
  readonly raw: WireText
}

/** What the service says about a payment. */
export type InquiryOutcome = ApprovalOutcome | NotApprovedYet | CancelledSince

/**
 * Asks what became of a payment, for a shop that has lost the answer of its approval (approvalInquiry.do). Changes nothing.
 *
 * `expected` is what the shop's own records say; a payment of another order or amount is never `approved`, and of one
 * that waits for its approval `mismatch` tells. Trouble is the outcome `unknown`, not an exception. Takes at most `connectTimeoutMs + readTimeoutMs`. `recover` asks this for every open entry by itself.
 */
export async function inquire(
  merchant: Merchant,
  ticket: PaymentTicket,
  { expected }: { readonly expected: ExpectedPayment },
): Promise<InquiryOutcome> {
  const asked = await askWithTicket(merchant, ticket, merchant.endpoints.inquiry)
  if (!asked.ok) return asked.unknown
  const { answer } = asked
  const { transactionId, raw } = answer
  const meaning = inquiryMeaningOf(answer.code)
  switch (meaning) {
    case 'charged':
      return chargedOutcome(merchant, answer, expected)
    case 'not_charged':
      return declinedOutcome(answer)
    case 'cancelled':
      return contradictsEnd(answer)
        ? unknownAfter(answer, 'unrecognized_state')
        : { outcome: meaning, transactionId, raw }
    case 'not_approved_yet': {
      if (contradictsWaiting(answer)) return unknownAfter(answer, 'unrecognized_state')
      const mismatch = findWaitingMismatch(merchant, answer, expected)
      return { outcome: meaning, transactionId, raw, ...(mismatch === undefined ? {} : { mismatch }) }
    }
    default:
      return unknownAfter(answer, meaning)
  }
}
