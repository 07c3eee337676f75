import type { WireText } from '@sspay/protocol'
import { askWithTicket, chargedOutcome, declinedOutcome, unknownAfter } from './approval-answer.ts'
import type { ApprovalOutcome, ExpectedPayment } from './approval-outcome.ts'
import { inquiryMeaningOf } from './inquiry-meaning.ts'
import type { Merchant } from './merchant.ts'
import type { PaymentTicket } from './payment-ticket.ts'

/** The buyer has authenticated and nothing has been charged; until the ticket expires an approval may still follow. */
export interface NotApprovedYet {
  readonly outcome: 'not_approved_yet'
  readonly transactionId: string
  readonly raw: WireText
}

/** The payment was approved, and all of it has gone back to the buyer since. */
export interface CancelledSince {
  readonly outcome: 'cancelled'
  readonly transactionId: string
  readonly raw: WireText
}

export type InquiryOutcome = ApprovalOutcome | NotApprovedYet | CancelledSince

/**
 * Asks what became of a payment, for a shop that has lost the answer of its approval (approvalInquiry.do). Changes nothing.
 *
 * `expected` is what the shop's own records say; a payment of another order or amount is never `approved`. Trouble is the outcome `unknown`,
 * not an exception. Takes at most `connectTimeoutMs + readTimeoutMs`. `recover` asks this for every open entry by itself.
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
    case 'not_approved_yet':
    case 'cancelled':
      return { outcome: meaning, transactionId, raw }
    default:
      return unknownAfter(answer, meaning)
  }
}
