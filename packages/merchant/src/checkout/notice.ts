import { compareWithOrder, readNotification } from '../notification.ts'
import type { Context } from './context.ts'

/** 재통보: at least once, and maybe before the buyer comes back. Without `OK` it comes again. */
export async function receiveNotice(context: Context, request: Request): Promise<Response> {
  const { webhookKeys = [] } = context
  const reading = await readNotification(context.merchant, request, { webhookKeys })
  if (!reading.ok) {
    context.tell({ during: 'notice', problem: `A notice was refused: ${reading.tampering ?? reading.reason}.` })
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
