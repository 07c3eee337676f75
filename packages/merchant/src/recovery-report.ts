import type { Approved, Declined, UnknownCause } from './approval-outcome.ts'
import type { CancelUnknownCause } from './cancel-outcome.ts'

/** The shop had given the payment up, or gave it up now, and the money is back with the buyer. */
export interface TakenBack {
  readonly outcome: 'cancelled'
  readonly transactionId: string
  /** Won; absent when it was cancelled by someone else. */
  readonly amount?: number
}

/** What `recover` hands to the shop: each is certain. */
export type RecoveredOutcome = Approved | Declined | TakenBack

/**
 * Why an entry is still open.
 *
 * | reason | what it waits for |
 * |---|---|
 * | `outcome_unknown` | the service: no answer, being approved, still asking the card network; `cause` says which |
 * | `waiting_for_expiry` | the ticket's end: the payment is given up, or not the shop's order, and not approved, but a request under way could still approve it |
 * | `mismatch` | a person: the service approved another amount or a tampered order, and the shop still wants it, or another order, which is not given back by itself; `cause` says which |
 * | `contradiction` | a person: the service has said approved before and now says that it was not; once the money is found or gone, `settle` it as cancelled |
 * | `cancel_unknown` | the service: it did not say whether the money went back; `cause` says why |
 * | `cancel_rejected` | a person: the service refuses to cancel; `code` says why |
 * | `cancel_password_missing` | the option `cancelPassword`: the payment is given up and the money was taken |
 * | `not_marked_paid` | the shop: `onOutcome` did not credit the order, or another payment had; then `isWanted` should say no |
 * | `shop_error` | the shop: journal, `isWanted` or `onOutcome` threw `error` |
 */
export type OpenReason =
  | 'outcome_unknown'
  | 'waiting_for_expiry'
  | 'mismatch'
  | 'contradiction'
  | 'cancel_unknown'
  | 'cancel_rejected'
  | 'cancel_password_missing'
  | 'not_marked_paid'
  | 'shop_error'

/** A payment that `recover` could not finish, and why. */
export interface StillOpen {
  readonly transactionId: string
  readonly orderId: string
  readonly reason: OpenReason
  readonly cause?: UnknownCause | CancelUnknownCause
  /** 결과코드, when there was one. */
  readonly code?: string
  readonly error?: unknown
}

/** Transaction ids by what became of them. */
export interface RecoveryReport {
  readonly approved: readonly string[]
  readonly declined: readonly string[]
  readonly cancelled: readonly string[]
  readonly open: readonly StillOpen[]
}
