import {
  compareWithOrder,
  type PaymentNotification,
  type ReadNotificationResult,
  readNotification,
  recordRefund,
} from '../notification.ts'
import type { Context } from './context.ts'

/** 재통보: delivered at least once, maybe before the buyer returns, and again until it is answered with `OK`. */
export async function receiveNotification(context: Context, request: Request): Promise<Response> {
  const { webhookKeys = [] } = context
  const reading = await readNotification(context.merchant, request, { webhookKeys })
  if (reading.outcome === 'rejected') {
    context.reportError({ during: 'notification', problem: `A notification was rejected: ${verdictOn(reading)}.` })
    return reading.answer()
  }
  const { notification } = reading
  const { orderId, paymentState } = notification
  const order = await context.findOrder(orderId)
  const comparison = order === undefined ? 'order_unknown' : compareWithOrder(notification, order)
  if (order === undefined || (comparison !== 'matches' && !(await isKnownRefund(context, notification)))) {
    context.reportError({
      during: 'notification',
      problem: `A notification does not match the shop's records: ${comparison}.`,
      orderId,
    })
    return new Response('not our order', { status: 409, headers: { 'content-type': 'text/plain; charset=utf-8' } })
  }
  if (paymentState !== 'approved') {
    await recordRefund(context.journal, notification)
    await context.onCancelled?.(notification)
  } else if (order.state === 'open') await context.markPaid(notification)
  return reading.answer()
}

/** The order may have changed since it was paid, so compare with the journal too. */
async function isKnownRefund({ journal }: Context, notification: PaymentNotification): Promise<boolean> {
  if (notification.paymentState === 'approved') return false
  const known = await journal.find(notification.transactionId)
  return known?.expected !== undefined && compareWithOrder(notification, known.expected) === 'matches'
}

/** Wire names and broken rules, which come from the field table: never values of the notification. */
function verdictOn({ reason, tampering, problems }: Extract<ReadNotificationResult, { outcome: 'rejected' }>): string {
  const fields = problems.map(({ field, rule }) => `${field} ${rule}`).join(', ')
  return `${tampering ?? reason}${fields === '' ? '' : ` (${fields})`}`
}
