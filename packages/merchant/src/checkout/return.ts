import { approvalResult, findResultReason, type WireText } from '@sspay/protocol'
import { receiveAbort } from '../abort.ts'
import { messageOf, readAnswer } from '../answer.ts'
import type { ApprovalTicket } from '../approval-ticket.ts'
import { approve } from '../approve.ts'
import { type Authenticated, type ReceiveAuthenticationResult, receiveAuthentication } from '../authentication.ts'
import { isPaymentOf } from '../inquire.ts'
import type { Context } from './context.ts'
import type { CheckoutOrder, CheckoutResult } from './options.ts'

const orderIdOf = (request: Request): string => new URL(request.url).searchParams.get('order') ?? ''

/** ReturnUrl: the address names the order. The request is authorized for it before anything is written or revealed. */
export async function receiveBuyer(context: Context, request: Request): Promise<Response> {
  const received = await receiveAuthentication(context.merchant, request)
  if (received.outcome === 'redirect') return received.response
  const orderId = orderIdOf(request)
  const order = await context.findOrder(orderId)
  if (order === undefined) return context.sendTo({ outcome: 'failed' })
  if (received.outcome === 'authenticated')
    return context.sendTo(await unlessPaid(context, await receiveTicket(context, request, order, received)))
  return context.sendTo(await resultOfRejection(context, order, received))
}

/** An old, reloaded or truncated address shows the order as it is; never as failed while a payment may be charged. */
async function resultOfRejection(
  context: Context,
  order: CheckoutOrder,
  { tampering, state, problems }: Extract<ReceiveAuthenticationResult, { outcome: 'rejected' }>,
): Promise<CheckoutResult> {
  const { orderId } = order
  const isOpen = order.state === 'open'
  if (tampering === undefined && (state === 'expired' || !isOpen)) return resultOf(order)
  const why = tampering ?? state ?? problems.map(({ field, rule }) => `${field} ${rule}`).join(', ')
  const result = failed(context, orderId, `The return was rejected: ${why}.`)
  return !isOpen || (await attempt(context, orderId, () => context.isBeingPaid(orderId))) ? resultOf(order) : result
}

async function receiveTicket(
  context: Context,
  request: Request,
  order: CheckoutOrder,
  { approvalTicket, unknownFields }: Authenticated,
): Promise<CheckoutResult> {
  const { orderId, state } = order
  if (state !== 'open') return { outcome: state, orderId }
  if (namesAnotherCustomer(unknownFields, order))
    return failed(context, orderId, 'A return names another customer than the order.')
  // Anybody can post a ticket to this address. Without a session, as after an in-app browser, the order signature
  // decides.
  const isAuthorized =
    (await mayPay(context, request, order)) || (await isPaymentOf(context.merchant, approvalTicket, order))
  if (!isAuthorized)
    return failed(context, orderId, 'A return is not authorized: no session that may pay, no signature of this order.')
  return approvePayment(context, order, approvalTicket)
}

/** A notification, or a payment in another tab, may have paid the order in the meantime. */
async function unlessPaid(context: Context, result: CheckoutResult): Promise<CheckoutResult> {
  const { outcome, orderId } = result
  if ((outcome !== 'failed' && outcome !== 'declined') || orderId === undefined) return result
  const order = await attempt(context, orderId, () => context.findOrder(orderId))
  return order?.state === 'paid' ? resultOf(order) : result
}

/** False also if the shop's function fails. */
const mayPay = async (context: Context, request: Request, order: CheckoutOrder): Promise<boolean> =>
  (await attempt(context, order.orderId, async () => context.mayPay(request, order))) === true

/**
 * The gateway repeats the fields of the form beside the ticket. They come through the browser, so they can only reject.
 */
function namesAnotherCustomer(fields: WireText, { customerId }: CheckoutOrder): boolean {
  const { message } = readAnswer(approvalResult, fields)
  return message.customerId !== undefined && message.customerId !== customerId
}

/** Undefined if the shop's journal or callback failed: reported, and recovery finishes what is uncertain. */
async function attempt<Value>(
  context: Context,
  orderId: string,
  work: () => Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await work()
  } catch (error) {
    context.reportError({ during: 'return', problem: 'The records of the shop are unavailable.', orderId, error })
    return undefined
  }
}

function failed(context: Context, orderId: string, problem: string): CheckoutResult {
  context.reportError({ during: 'return', problem, orderId })
  return { outcome: 'failed', orderId }
}

/** Idempotent: `approve` inquires a payment that the journal knows. */
async function approvePayment(context: Context, order: CheckoutOrder, ticket: ApprovalTicket): Promise<CheckoutResult> {
  const { orderId, amount } = order
  const { merchant, journal } = context
  const outcome = await attempt(context, orderId, async () =>
    (await context.isBeingPaid(orderId, ticket.transactionId))
      ? 'paid_by_another'
      : approve(merchant, ticket, { expected: { orderId, amount }, journal }),
  )
  if (outcome === 'paid_by_another') return resultAfter(context, orderId)
  if (outcome?.journalError !== undefined) {
    const problem = 'The outcome of an approval could not be recorded; the recovery will record it.'
    context.reportError({ during: 'return', problem, orderId, error: outcome.journalError })
  }
  switch (outcome?.outcome) {
    case 'approved':
      return resultAfter(context, orderId, () => context.markPaid(outcome.payment))
    case 'declined': {
      if (outcome.tampering === 'order_differs')
        return failed(context, orderId, 'A return brought the payment of another order.')
      const rejection = { orderId, code: outcome.code, message: outcome.message }
      await attempt(context, orderId, async () => context.onDeclined?.(rejection))
      return { outcome: 'declined', ...rejection }
    }
    case 'unknown': {
      const problem = `The outcome of an approval is not known yet: ${outcome.cause}.`
      context.reportError({ during: 'return', problem, orderId })
      // A duplicate of this request, or a notification, may have paid the order in the meantime.
      return resultAfter(context, orderId)
    }
    case undefined:
      return { outcome: 'failed', orderId }
  }
}

async function resultAfter(
  context: Context,
  orderId: string,
  markPaid?: () => Promise<unknown>,
): Promise<CheckoutResult> {
  const order = await attempt(context, orderId, async () => {
    await markPaid?.()
    return context.findOrder(orderId)
  })
  return order === undefined ? { outcome: 'checking', orderId } : resultOf(order)
}

const resultOf = ({ orderId, state }: CheckoutOrder): CheckoutResult => ({
  outcome: state === 'open' ? 'checking' : state,
  orderId,
})

/**
 * StopUrl. Unsigned, so it changes nothing: an order that is paid or being paid is shown as it is, and only a buyer who
 * may pay is reported.
 */
export async function receiveBuyerAbort(context: Context, request: Request): Promise<Response> {
  const received = await receiveAbort(context.merchant, request)
  if (received.outcome === 'redirect') return received.response
  const orderId = orderIdOf(request)
  const order = await context.findOrder(orderId)
  if (order === undefined) return context.sendTo({ outcome: 'failed' })
  if (order.state !== 'open') return context.sendTo({ outcome: order.state, orderId })
  if (await attempt(context, orderId, () => context.isBeingPaid(orderId)))
    return context.sendTo({ outcome: 'checking', orderId })
  const isOfOrder = received.outcome === 'aborted' && received.abort.orderId === orderId
  if (isOfOrder && (await mayPay(context, request, order))) {
    const { resultCode, resultMessage } = received.abort
    const message = messageOf(findResultReason(resultCode), resultMessage)
    await attempt(context, orderId, async () => context.onAborted?.({ orderId, code: resultCode, message }))
  }
  return context.sendTo({ outcome: 'aborted', orderId })
}
