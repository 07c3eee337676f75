import type { CancelRequest } from '@sspay/protocol'
import type { ApprovalContext } from '../approval/record-outcome.ts'

export type CancelContext = ApprovalContext

export interface CancellationKey {
  readonly transactionId: string
  /** From 1, set by the shop; gaps are allowed. With the transaction id it is the idempotency key. */
  readonly cancelSequence: number
}

/** The refund that a shop requests. */
export interface WantedCancellation extends CancellationKey {
  readonly merchantId: string
  /** Whole won. */
  readonly amount: number
  readonly scope: 'full' | 'part'
}

/** An accepted refund. `asking`: without an outcome; the card network is called until it answers. */
export interface Cancellation extends WantedCancellation {
  readonly state: 'asking' | 'cancelled' | 'declined'
  /** The own transaction id of a partial refund. */
  readonly partialTransactionId: string | undefined
  /** Eight digits. */
  readonly cancelNumber: string
  readonly requestedAt: Date
  readonly answer: string | undefined
}

export const wantedOf = (request: CancelRequest): WantedCancellation => ({
  transactionId: request.transactionId,
  cancelSequence: request.cancelSequence ?? 1,
  merchantId: request.merchantId,
  amount: request.cancelAmount,
  scope: request.cancelScope === '1' ? 'part' : 'full',
})

export const isSameCancellation = (one: WantedCancellation, other: WantedCancellation): boolean =>
  one.amount === other.amount && one.scope === other.scope

type CancellationNote = Pick<Cancellation, 'cancelSequence' | 'amount'>

/** The note in the event of a refund. */
export const writeCancellationNote = ({ cancelSequence, amount }: CancellationNote): string =>
  `cancellation ${cancelSequence}: ${amount} won`

/** Undefined for any other note. */
export function readCancellationNote(note: string): CancellationNote | undefined {
  const [, cancelSequence, amount] = /^cancellation ([0-9]+): ([0-9]+) won$/.exec(note) ?? []
  return amount === undefined ? undefined : { cancelSequence: Number(cancelSequence), amount: Number(amount) }
}
