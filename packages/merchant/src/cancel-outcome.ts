import type { LocalizedText, ResultReason, WireText } from '@sspay/protocol'
import type { GatewayFailure } from './answer.ts'

/** The money is refunded. */
export interface Cancelled {
  readonly outcome: 'cancelled'
  readonly transactionId: string
  /** Won. */
  readonly amount: number
  /** 부분취소 거래번호: transaction id of a partial refund. */
  readonly partialTransactionId?: string
  readonly cancelNumber?: string
  readonly cancelledAt?: Date
  readonly raw: WireText
}

/** This call refunded nothing. `already_cancelled`: an earlier one has refunded everything. */
export interface CancelRejected {
  readonly outcome: 'rejected'
  readonly reason: ResultReason | 'unrecognized'
  /** 결과코드 of the answer. */
  readonly code: string
  readonly message: LocalizedText
  readonly raw: WireText
}

/** Why it is not known whether the money is refunded. `answer_mismatch`: the answer is about another payment. */
export type CancelUnknownCause =
  | GatewayFailure['cause']
  | 'answer_mismatch'
  | 'unresolved'
  | 'overloaded'
  | 'gateway_error'
  | 'unrecognized_code'

/** Whether the money was refunded is unknown: tell the buyer neither. */
export interface CancelUnknown {
  readonly outcome: 'unknown'
  readonly cause: CancelUnknownCause
  /** `ask_again`: repeat the call with the same `sequence` later. `investigate`: that will not help. */
  readonly next: 'ask_again' | 'investigate'
  readonly transactionId: string
  readonly code?: string
  readonly raw?: WireText
  /** Error of the transport. */
  readonly error?: unknown
}

/** Outcome of a refund. */
export type CancelOutcome = Cancelled | CancelRejected | CancelUnknown
