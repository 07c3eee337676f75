import type { Context } from '../context.ts'
import { movePayment } from './move-payment.ts'

/** The buyer walked away. False when the payment was not open any more. */
export async function abortPayment(context: Context, transactionId: string): Promise<boolean> {
  const at = context.runtime.now()
  return (await movePayment(context, { transactionId, from: 'requested', event: 'buyerAborted', at })) !== undefined
}

/** The time to authenticate (`requested`) or to approve (`authenticated`) is over. */
export async function expirePayment(
  context: Context,
  transactionId: string,
  from: 'requested' | 'authenticated',
): Promise<boolean> {
  const at = context.runtime.now()
  return (await movePayment(context, { transactionId, from, event: 'timeRanOut', at })) !== undefined
}
