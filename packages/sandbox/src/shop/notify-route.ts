import { compareWithOrder, type PaymentNotification, readNotification, recordRefund } from '@sspay/merchant'
import { Hono } from 'hono'
import type { ShopContext, ShopVariables } from './context.ts'
import { markPaymentPaid } from './take-payment.ts'

/** 재통보: what the gateway says about a payment comes here too, maybe before the buyer's browser does, maybe more than once. */
export function notifyRoutes(shop: ShopContext): Hono<ShopVariables> {
  return new Hono<ShopVariables>().post('/pay/notify', async (context) => {
    const reading = await readNotification(shop.merchant, context.req.raw, { webhookKeys: shop.webhookKeys })
    if (reading.outcome === 'verified') await recordNotification(shop, reading.notification)
    else shop.log.error('notification_rejected', { reason: reading.reason })
    return reading.answer()
  })
}

/** Each change is safe to repeat, so a duplicate needs no memory of its own. */
async function recordNotification(shop: ShopContext, notification: PaymentNotification): Promise<void> {
  const { orderId, transactionId, amount, cancelledAmount = amount } = notification
  const order = shop.store.find(orderId)
  // The test merchant of the sandbox has other shops: their orders are not ours.
  if (order === undefined || compareWithOrder(notification, order) !== 'matches') return

  if (notification.paymentState !== 'approved') {
    await recordRefund(shop.journal, notification)
    shop.store.recordCancelled({ orderId, transactionId }, cancelledAmount)
  } else if (shop.store.isWanted({ orderId, transactionId })) await markPaymentPaid(shop, notification)
}
