import { compareWithOrder, type PaymentNotification, readNotification, recordRefund } from '@sspay/merchant'
import { Hono } from 'hono'
import type { ShopContext, ShopVariables } from './context.ts'
import { creditPayment } from './take-payment.ts'

/** 재통보: what the gateway says about a payment comes here too, maybe before the buyer's browser does, maybe more than once. */
export function notifyRoutes(shop: ShopContext): Hono<ShopVariables> {
  return new Hono<ShopVariables>().post('/pay/notify', async (context) => {
    const reading = await readNotification(shop.merchant, context.req.raw, { webhookKeys: shop.webhookKeys })
    if (reading.ok) await recordNotice(shop, reading.notification)
    else shop.log.error('notice_refused', { reason: reading.reason })
    return reading.answer()
  })
}

/** Each change is safe to repeat, so a duplicate needs no memory of its own. */
async function recordNotice(shop: ShopContext, notice: PaymentNotification): Promise<void> {
  const { orderId, transactionId, amount, cancelledAmount = amount } = notice
  const order = shop.store.find(orderId)
  // The test merchant of the sandbox has other shops: their orders are not ours.
  if (order === undefined || compareWithOrder(notice, order) !== 'matches') return

  if (notice.paymentState !== 'approved') {
    await recordRefund(shop.journal, notice)
    shop.store.recordCancelled({ orderId, transactionId }, cancelledAmount)
  } else if (shop.store.isWanted({ orderId, transactionId })) await creditPayment(shop, notice)
}
