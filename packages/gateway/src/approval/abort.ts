import type { Context } from '../context.ts'
import { movePayment } from './store.ts'

/** The buyer walked away. False when the payment was not open any more. */
export const abortPayment = (context: Context, transactionId: string): Promise<boolean> =>
  movePayment(context, { transactionId, from: 'requested', event: 'buyerAborted', at: context.runtime.now() })

/** The time to authenticate (`requested`) or to approve (`authenticated`) is over. */
export const expirePayment = (
  context: Context,
  transactionId: string,
  from: 'requested' | 'authenticated',
): Promise<boolean> => movePayment(context, { transactionId, from, event: 'timeRanOut', at: context.runtime.now() })
