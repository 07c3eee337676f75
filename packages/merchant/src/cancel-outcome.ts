import type { LocalizedText, ResultReason, WireText } from '@sspay/protocol'
import type { GatewayFailure } from './ask-gateway.ts'

/** The money goes back to the buyer. */
export interface Cancelled {
  readonly outcome: 'cancelled'
  readonly transactionId: string
  /** Won. */
  readonly amount: number
  /** 부분취소 거래번호: the part's own number. */
  readonly partialTransactionId?: string
  readonly cancelNumber?: string
  readonly cancelledAt?: Date
  readonly raw: WireText
}

/** Nothing was given back by this call. `already_cancelled`: an earlier one has given all of it back. */
export interface CancelRejected {
  readonly outcome: 'rejected'
  readonly reason: ResultReason | 'unrecognized'
  /** 결과코드 as it came. */
  readonly code: string
  readonly message: LocalizedText
  readonly raw: WireText
}

/** Why nobody can say whether the money went back. `answer_mismatch`: the answer is about another payment. */
export type CancelUnknownCause =
  | GatewayFailure['cause']
  | 'answer_mismatch'
  | 'unresolved'
  | 'overloaded'
  | 'gateway_error'
  | 'unrecognized_code'

/** The money may have gone back, or not. Do not tell the buyer either. */
export interface CancelUnknown {
  readonly outcome: 'unknown'
  readonly cause: CancelUnknownCause
  /** `ask_again`: the same call with the same `sequence`, later. `investigate`: that will not help. */
  readonly next: 'ask_again' | 'investigate'
  readonly transactionId: string
  readonly code?: string
  readonly raw?: WireText
  /** What the transport ran into. */
  readonly error?: unknown
}

/** How a cancellation ended. */
export type CancelOutcome = Cancelled | CancelRejected | CancelUnknown
