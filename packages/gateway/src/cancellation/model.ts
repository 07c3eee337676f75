import type { CancelRequest } from '@sspay/protocol'
import type { ApprovalContext } from '../approval/record-outcome.ts'

export type CancelContext = ApprovalContext

export interface CancellationKey {
  readonly transactionId: string
  /** From 1, given by the shop; gaps are fine. With the transaction id it makes the call safe to repeat. */
  readonly cancelSequence: number
}

/** What a shop asks for. */
export interface WantedCancellation extends CancellationKey {
  readonly merchantId: string
  /** Whole won. */
  readonly amount: number
  readonly scope: 'full' | 'part'
}

/** One cancellation that was let in. `asking`: the card network has not answered yet, and is asked until it does. */
export interface Cancellation extends WantedCancellation {
  readonly state: 'asking' | 'cancelled' | 'declined'
  /** Of a part, the transaction id of its own. */
  readonly partialTransactionId: string | undefined
  /** Eight digits. */
  readonly cancelNumber: string
  readonly requestedAt: Date
  /** The answer as it was given. */
  readonly answer: string | undefined
}

export const wantedOf = (request: CancelRequest): WantedCancellation => ({
  transactionId: request.transactionId,
  cancelSequence: request.cancelSequence,
  merchantId: request.merchantId,
  amount: request.cancelAmount,
  scope: request.cancelScope === '0' ? 'full' : 'part',
})

export const isSameCancellation = (one: WantedCancellation, other: WantedCancellation): boolean =>
  one.amount === other.amount && one.scope === other.scope

type NotedCancellation = Pick<Cancellation, 'cancelSequence' | 'amount'>

/** What the event of a cancellation keeps beside its state. */
export const writeCancellationNote = ({ cancelSequence, amount }: NotedCancellation): string =>
  `cancellation ${cancelSequence}: ${amount} won`

/** Undefined for a note about anything else. */
export function readCancellationNote(note: string): NotedCancellation | undefined {
  const [, cancelSequence, amount] = /^cancellation ([0-9]+): ([0-9]+) won$/.exec(note) ?? []
  return amount === undefined ? undefined : { cancelSequence: Number(cancelSequence), amount: Number(amount) }
}

/** True when no tax part is given, or when those given add up to the amount, as with the payment itself (Q04). */
export function taxPartsAddUp({ cancelAmount, taxableAmount, taxFreeAmount, vatAmount }: CancelRequest): boolean {
  const given = [taxableAmount, taxFreeAmount, vatAmount].filter((part) => part !== undefined)
  return given.length === 0 || given.reduce((sum, part) => sum + part, 0) === cancelAmount
}
