import type { ApprovalResult, LocalizedText, ResultReason, WireText } from '@sspay/protocol'
import type { OrderTampering } from './order-signature.ts'

/** What the shop knows about its own order; an answer about anything else is never `approved`. */
export interface ExpectedPayment {
  /** Won. */
  readonly amount: number
  readonly orderId: string
}

/** An approved payment (guide, 상세 파라미터, second table) in our names and types; the answer as it came is in `raw`. */
export interface ApprovedPayment
  extends Omit<
    Partial<ApprovalResult>,
    'resultCode' | 'resultMessage' | 'signature' | 'merchantNoteCopy' | 'cardKind' | 'isInterestFree'
  > {
  readonly transactionId: string
  readonly orderId: string
  /** Won. */
  readonly amount: number
  readonly cardKind?: 'credit' | 'check'
  readonly isInterestFree?: boolean
  /** Won that have gone back to the buyer since, when an inquiry found a payment cancelled in part. */
  readonly cancelledAmount?: number
  /** The plain text given to `createPaymentForm`. */
  readonly merchantNote?: string
  /** Every field by its wire name, those that this version does not know included. */
  readonly raw: WireText
}

/**
 * Why nobody can say yet whether money moved.
 *
 * | cause | what happened |
 * |---|---|
 * | `unreachable` | no connection: the service heard nothing |
 * | `interrupted` | the connection broke before the answer was complete |
 * | `timeout` | no whole answer within `readTimeoutMs` |
 * | `unreadable_answer` | not HTTP 200, not JSON, over 1 MB, or without a result code |
 * | `signature_mismatch`, `amount_mismatch`, `order_mismatch`, `transaction_mismatch`, `merchant_mismatch` | the answer is not about this payment |
 * | `in_progress` | the same approval is running |
 * | `unresolved` | the gateway itself is still asking the card network |
 * | `overloaded`, `gateway_error` | the service could not finish |
 * | `ticket_spent` | an earlier approval used the ticket, and its answer is not this one |
 * | `unrecognized_code` | a result code that does not certainly mean "not charged" |
 * | `unrecognized_state` | a StateCd that this version does not know, or one that contradicts the result code |
 * | `contradiction` | the service has called the payment approved before, and now says that it was not |
 * | `order_tampered` | approved, but the order is not the one that the shop sealed: see `tampering` |
 * | `abandoned` | the shop's journal says that the payment is no longer wanted; nothing was sent, and `recover` sees to its end |
 */
export type UnknownCause =
  | 'unreachable'
  | 'interrupted'
  | 'timeout'
  | 'unreadable_answer'
  | 'signature_mismatch'
  | 'amount_mismatch'
  | 'order_mismatch'
  | 'transaction_mismatch'
  | 'merchant_mismatch'
  | 'in_progress'
  | 'unresolved'
  | 'overloaded'
  | 'gateway_error'
  | 'ticket_spent'
  | 'unrecognized_code'
  | 'unrecognized_state'
  | 'contradiction'
  | 'abandoned'
  | 'order_tampered'

/** The money is the shop's: credit the order with `markPaidOnce`. */
export interface Approved {
  readonly outcome: 'approved'
  readonly payment: ApprovedPayment
}

/** Why a payment is not the one the shop expects. */
export interface OrderMismatch {
  readonly cause: 'amount_mismatch' | 'order_mismatch' | 'order_tampered'
  /** Where the merchant seals its orders. */
  readonly tampering?: OrderTampering
}

/**
 * Certainly the shop has no money by this ticket. `already_cancelled`: it was taken and has gone back. `order_tampered`: the shop itself did not
 * ask for the approval, because the payment is not the order it expects.
 */
export interface Declined {
  readonly outcome: 'declined'
  readonly reason: ResultReason | 'unrecognized'
  /** 결과코드 as it came, or our own where the shop itself refused; then `raw` is what the inquiry said. */
  readonly code: string
  /** With `order_tampered`. */
  readonly tampering?: OrderTampering
  /** What to tell people: our sentence for a known code, else the service's own words. */
  readonly message: LocalizedText
  readonly raw: WireText
}

/** Money may have moved. Never show this as paid, never as failed, never start a new payment of the same order over it. */
export interface Unknown {
  readonly outcome: 'unknown'
  readonly cause: UnknownCause
  /**
   * `ask_again`: `recover` will know, or `approve` with the same ticket a second later; the first answer is repeated, nothing is charged twice.
   * `investigate`: asking again may not help; when `recover` keeps reporting the payment as open, look it up, and give it up if unwanted.
   */
  readonly next: 'ask_again' | 'investigate'
  readonly transactionId: string
  readonly tampering?: OrderTampering
  /** 결과코드, when there was an answer with one. */
  readonly code?: string
  readonly raw?: WireText
  /** What the transport ran into. */
  readonly error?: unknown
}

/** How an approval ended. Only `approved` means that the shop has the money; `unknown` is no failure, and is found out by `recover`. */
export type ApprovalOutcome = Approved | Declined | Unknown
