import type { ApprovalResult, LocalizedText, ResultReason, WireText } from '@sspay/protocol'
import type { OrderTampering } from './order-signature.ts'

/** Order and amount of the shop's own records; an answer about anything else is never `approved`. */
export interface ExpectedPayment {
  /** Won. */
  readonly amount: number
  readonly orderId: string
}

/** An approved payment (guide, 상세 파라미터, second table) in our names and types. */
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
  /** Won refunded since, if an inquiry found a partial refund. */
  readonly cancelledAmount?: number
  /** The plain text given to `createPaymentForm`. */
  readonly merchantNote?: string
  /** The verbatim answer: every field by its wire name, unknown ones included. */
  readonly raw: WireText
}

/**
 * Why it is not known yet whether money moved.
 *
 * | cause | what happened |
 * |---|---|
 * | `unreachable` | no connection: nothing was sent |
 * | `interrupted` | the connection broke before the answer was complete |
 * | `timeout` | no complete answer within `readTimeoutMs` |
 * | `unreadable_answer` | not HTTP 200, not JSON, over 1 MB, or without a result code |
 * | `signature_mismatch`, `amount_mismatch`, `order_mismatch`, `transaction_mismatch`, `merchant_mismatch` | the answer
 * is about another payment |
 * | `in_progress` | the same approval is running |
 * | `unresolved` | the gateway itself waits for the card network |
 * | `overloaded`, `gateway_error` | the payment service could not finish |
 * | `approval_ticket_spent` | an earlier approval used the ticket, and this is not its answer |
 * | `unrecognized_code` | a result code that does not certainly mean "not charged" |
 * | `unrecognized_state` | a StateCd that this version does not know, or that contradicts the result code |
 * | `contradiction` | the payment was approved before, and now the answer is that it was not |
 * | `order_used` | a bill key: the order number was charged before with another key or amount, or is closed; this call
 * charged nothing |
 * | `order_tampered` | approved, but the order differs from the signed one: see `tampering` |
 * | `abandoned` | the shop's journal says that the payment is not wanted; nothing was sent, and `recover` finishes it |
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
  | 'approval_ticket_spent'
  | 'unrecognized_code'
  | 'unrecognized_state'
  | 'contradiction'
  | 'abandoned'
  | 'order_used'
  | 'order_tampered'

/** The shop has the money: mark the order paid with `journal.markPaid`. */
export interface Approved {
  readonly outcome: 'approved'
  readonly payment: ApprovedPayment
}

/** How a payment differs from the expected one. */
export interface OrderMismatch {
  readonly cause: 'amount_mismatch' | 'order_mismatch' | 'order_tampered'
  /** If the merchant signs its orders. */
  readonly tampering?: OrderTampering
}

/**
 * The shop certainly has no money by this ticket. `already_cancelled`: the payment was approved and is refunded.
 * `order_tampered`: the shop itself did not request the approval, because the payment is not the expected order.
 */
export interface Declined {
  readonly outcome: 'declined'
  readonly reason: ResultReason | 'unrecognized'
  /**
   * 결과코드 of the answer. If the shop itself rejected the payment: our own code, and `raw` is the answer of the inquiry.
   */
  readonly code: string
  /** With `order_tampered`. */
  readonly tampering?: OrderTampering
  /** Text for buyers: ours for a known code, else the payment service's. */
  readonly message: LocalizedText
  readonly raw: WireText
}

/** Money may have moved. Never show this as paid or as failed, and never start another payment of the same order. */
export interface Unknown {
  readonly outcome: 'unknown'
  readonly cause: UnknownCause
  /**
   * `ask_again`: `recover`, or `approve` with the same ticket a second later, will know; nothing is charged twice.
   * `investigate`: asking again may not help. If `recover` keeps reporting the payment, look it up, and abandon it if
   * unwanted.
   */
  readonly next: 'ask_again' | 'investigate'
  readonly transactionId: string
  readonly tampering?: OrderTampering
  /** 결과코드, if there was one. */
  readonly code?: string
  readonly raw?: WireText
  /** Error of the transport. */
  readonly error?: unknown
}

/**
 * Outcome of an approval. Only `approved` means that the shop has the money; `unknown` is not a failure, and `recover`
 * finds out.
 */
export type ApprovalOutcome = (Approved | Declined | Unknown) & {
  /** Error of the shop's journal, which could not record the outcome. Log it; `recover` records the outcome. */
  readonly journalError?: unknown
}
