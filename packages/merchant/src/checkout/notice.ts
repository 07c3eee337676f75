import { compareWithOrder, type NotificationReading, readNotification } from '../notification.ts'
import type { Context } from './context.ts'

/** 재통보: at least once, and maybe before the buyer comes back. Without `OK` it comes again. */
export async function receiveNotice(context: Context, request: Request): Promise<Response> {
  const { webhookKeys = [] } = context
  const reading = await readNotification(context.merchant, request, { webhookKeys })
  if (!reading.ok) {
    context.tell({ during: 'notice', problem: `A notice was refused: ${verdictOn(reading)}.` })
    return reading.answer()
  }
  const { notification } = reading
  const { orderId, paymentState } = notification
  const order = await context.findOrder(orderId)
  const comparison = order === undefined ? 'order_unknown' : compareWithOrder(notification, order)
  if (order === undefined || comparison !== 'matches') {
    context.tell({ during: 'notice', problem: `A notice does not match the shop's records: ${comparison}.`, orderId })
    return new Response('not our order', { status: 409, headers: { 'content-type': 'text/plain; charset=utf-8' } })
  }
  if (paymentState !== 'approved') await context.onCancelled?.(notification)
  else if (order.state === 'open') await context.credit(notification)
  return reading.answer()
}

/** Fields by their wire names and broken rules, which come from the table: never what the notice held. */
function verdictOn({ reason, tampering, problems }: Extract<NotificationReading, { ok: false }>): string {
  const fields = problems.map(({ field, rule }) => `${field} ${rule}`).join(', ')
  return `${tampering ?? reason}${fields === '' ? '' : ` (${fields})`}`
}
