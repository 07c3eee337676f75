import type { WireText } from '@sspay/protocol'
import {
  type AlreadyCancelled,
  askWithTicket,
  cancelledOutcome,
  chargedOutcome,
  contradictsWaiting,
  declinedOutcome,
  unknownAfter,
} from './approval-answer.ts'
import type { ApprovalOutcome, ExpectedPayment, OrderMismatch } from './approval-outcome.ts'
import type { ApprovalTicket } from './approval-ticket.ts'
import type { Merchant } from './merchant.ts'
import { findWaitingMismatch, namesOrder } from './order-mismatch.ts'
import { inquiryMeaningOf } from './result-meaning.ts'

/** The buyer has authenticated and nothing is charged; until the approval ticket expires, an approval may follow. */
export interface NotApprovedYet {
  readonly outcome: 'not_approved_yet'
  readonly transactionId: string
  /**
   * The payment is not the order that the shop expects: do not approve it. Absent also if the answer does not describe
   * the order.
   */
  readonly mismatch?: OrderMismatch
  readonly raw: WireText
}

/** State of a payment at the payment service. */
export type InquiryOutcome = ApprovalOutcome | NotApprovedYet | AlreadyCancelled

/**
 * Asks the payment service for the state of a payment, after the answer of its approval was lost (approvalInquiry.do).
 * Changes nothing. `recover` does this for every pending payment.
 *
 * Takes at most `connectTimeoutMs + readTimeoutMs`.
 *
 * @param approvalTicket - The ticket of the payment.
 * @param options - `expected`: order and amount of the shop's own records; another payment is never `approved`.
 * @returns The state. Connection errors are the outcome `unknown`, not an exception.
 */
export async function inquire(
  merchant: Merchant,
  approvalTicket: ApprovalTicket,
  { expected }: { readonly expected: ExpectedPayment },
): Promise<InquiryOutcome> {
  const asked = await askWithTicket(merchant, approvalTicket, merchant.endpoints.inquiry)
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
      return cancelledOutcome(answer)
    case 'not_approved_yet': {
      if (contradictsWaiting(answer)) return unknownAfter(answer, 'unrecognized_state')
      const mismatch = findWaitingMismatch(merchant, answer, expected)
      return { outcome: meaning, transactionId, raw, ...(mismatch === undefined ? {} : { mismatch }) }
    }
    default:
      return unknownAfter(answer, meaning)
  }
}

/**
 * Asks whether a ticket belongs to an order, to authorize a return that brings no session, for example after an in-app
 * browser. Compares the shop's signature on the order, which the payment service repeats (approvalInquiry.do). Changes
 * nothing.
 *
 * @param approvalTicket - The ticket that the browser brought.
 * @returns True if the buyer with this ticket was given the form of the order. Always false if the merchant signs no
 * orders.
 */
export async function isPaymentOf(
  merchant: Merchant,
  approvalTicket: ApprovalTicket,
  { orderId }: { readonly orderId: string },
): Promise<boolean> {
  if (!merchant.signsOrders) return false
  const asked = await askWithTicket(merchant, approvalTicket, merchant.endpoints.inquiry)
  return asked.ok && namesOrder(merchant, asked.answer, orderId)
}
