import { cancel } from '@sspay/merchant'
import type { ShopContext } from './context.ts'
import type { Cancellation, Order } from './model.ts'

/** Gives the money of a paid order back, `amount` won of it or all that is left. An order that is still being checked is withdrawn. */
export async function cancelOrder(shop: ShopContext, order: Order, amount?: number): Promise<void> {
  if (order.state === 'approving') {
    shop.store.withdraw(order.orderId)
    return
  }
  // Kept before the gateway is asked: whatever happens now, the same cancellation is asked for until its outcome is known.
  const cancellation = shop.store.askCancellation(order.orderId, amount ?? order.amount - order.cancelledAmount)
  if (cancellation !== undefined) await askCancellation(shop, cancellation)
}

/** Harmless when repeated: the same sequence gets the first answer again. */
export async function askCancellation({ store, ...shop }: ShopContext, cancellation: Cancellation): Promise<void> {
  const { orderId, sequence, amount } = cancellation
  const order = store.find(orderId)
  if (order?.transactionId === undefined) throw new Error(`order ${orderId} is cancelled, but was never paid`)
  const { transactionId } = order
  const outcome = await cancel(shop.merchant, {
    transactionId,
    amount,
    isPartial: amount < order.amount,
    sequence,
    cancelPassword: shop.cancelPassword,
    reason: '구매자 요청',
  })
  switch (outcome.outcome) {
    case 'cancelled':
      store.finishCancellation(cancellation)
      return
    case 'rejected':
      store.rejectCancellation(cancellation, outcome.code)
      // Somebody else was first, for example the operator.
      if (outcome.reason === 'already_cancelled') store.recordCancelled({ orderId, transactionId }, order.amount)
      return
    case 'unknown':
      return
  }
}
