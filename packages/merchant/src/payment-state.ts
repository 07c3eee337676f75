import type { WireText } from '@sspay/protocol'
import type { AnswerFields } from './answer-fields.ts'

/** The payment was approved, and all of it has gone back to the buyer since. */
export interface CancelledSince {
  readonly outcome: 'cancelled'
  readonly transactionId: string
  readonly raw: WireText
}

/**
 * Where a payment stands that an answer calls approved. An answer that names no state is the first one of its approval. One that was
 * cancelled says so beside its own fields, as a notification does; `unrecognized` also when state and amount contradict each other.
 */
export function standingOfCharge({ read, broken }: AnswerFields): 'approved' | 'cancelled' | 'unrecognized' {
  if (broken.includes('paymentState') || broken.includes('cancelledAmount')) return 'unrecognized'
  const { paymentState = '0', cancelledAmount = 0, amount } = read
  if (paymentState === '0') return cancelledAmount === 0 ? 'approved' : 'unrecognized'
  if (cancelledAmount === 0 || amount === undefined) return 'unrecognized'
  return cancelledAmount >= amount ? 'cancelled' : 'approved'
}

/** Whether an answer whose code says that no money is with the shop says beside it that the payment stands approved, or an unknown state. */
export const contradictsEnd = ({ read, broken }: AnswerFields): boolean =>
  broken.includes('paymentState') || read.paymentState === '0'

/** Whether an answer whose code says that nothing was approved yet names a state, which only an approved payment has. */
export const contradictsWaiting = ({ read, broken }: AnswerFields): boolean =>
  broken.includes('paymentState') || read.paymentState !== undefined
