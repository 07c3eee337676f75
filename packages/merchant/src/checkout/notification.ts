import {
  compareWithOrder,
  type NotificationReading,
  type PaymentNotification,
  readNotification,
} from '../notification.ts'
import { recordRefund } from '../record-refund.ts'
import type { Context } from './context.ts'

/** 재통보: at least once, and maybe before the buyer comes back. Without `OK` it comes again. */
export async function receiveNotification(context: Context, request: Request): Promise<Response> {
  const { webhookKeys = [] } = context
  const reading = await readNotification(context.merchant, request, { webhookKeys })
  if (!reading.ok) {
    context.tell({ during: 'notification', problem: `A notice was refused: ${verdictOn(reading)}.` })
    return reading.answer()
  }
  const { notification } = reading
  const { orderId, paymentState } = notification
  const order = await context.findOrder(orderId)
  const comparison = order === undefined ? 'order_unknown' : compareWithOrder(notification, order)
  if (order === undefined || (comparison !== 'matches' && !(await isKnownRefund(context, notification)))) {
    context.tell({
      during: 'notification',
      problem: `A notice does not match the shop's records: ${comparison}.`,
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

/** The order may have changed since it was paid; the payment has not. */
async function isKnownRefund({ journal }: Context, notification: PaymentNotification): Promise<boolean> {
  if (notification.paymentState === 'approved') return false
  const known = await journal.find(notification.transactionId)
  return known?.expected !== undefined && compareWithOrder(notification, known.expected) === 'matches'
}

/** Fields by their wire names and broken rules, which come from the table: never what the notice held. */
function verdictOn({ reason, tampering, problems }: Extract<NotificationReading, { ok: false }>): string {
  const fields = problems.map(({ field, rule }) => `${field} ${rule}`).join(', ')
  return `${tampering ?? reason}${fields === '' ? '' : ` (${fields})`}`
}
