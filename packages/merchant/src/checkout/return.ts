import { findResultReason } from '@sspay/protocol'
import { approve } from '../approve.ts'
import { wordsOf } from '../localized-text.ts'
import type { PaymentTicket } from '../payment-ticket.ts'
import { receiveAbort } from '../receive-abort.ts'
import { type AuthenticationArrival, receiveAuthentication } from '../receive-authentication.ts'
import { attempt } from './attempt.ts'
import { isAuthorized, mayPay, namesAnotherCustomer } from './authorize-return.ts'
import type { Context } from './context.ts'
import type { CheckoutOrder, CheckoutResult } from './options.ts'

const orderIdOf = (request: Request): string => new URL(request.url).searchParams.get('order') ?? ''

/** ReturnUrl: the address names the order; before anything is written or told about it, the visitor is authorised for it. */
export async function receiveBuyer(context: Context, request: Request): Promise<Response> {
  const arrival = await receiveAuthentication(context.merchant, request)
  if (arrival.result === 'go_on') return arrival.response
  const orderId = orderIdOf(request)
  const order = await context.findOrder(orderId)
  if (order === undefined) return context.sendTo({ result: 'failed' })
  if (arrival.result === 'received') return context.sendTo(await receiveTicket(context, request, order, arrival))
  // Who comes back late, or reloads an old address, sees where the order stands.
  if (arrival.state === 'expired') return context.sendTo(standingOf(order))
  const why =
    arrival.tampering ?? arrival.state ?? arrival.problems.map(({ field, rule }) => `${field} ${rule}`).join(', ')
  return context.sendTo(failed(context, orderId, `What came back cannot be used: ${why}.`))
}

async function receiveTicket(
  context: Context,
  request: Request,
  order: CheckoutOrder,
  { authentication, unknownFields }: Extract<AuthenticationArrival, { result: 'received' }>,
): Promise<CheckoutResult> {
  const { orderId, state } = order
  if (state !== 'open') return { result: state, orderId }
  if (namesAnotherCustomer(unknownFields, order))
    return failed(context, orderId, 'A return names another customer than the order.')
  if (!(await isAuthorized(context, request, order, authentication)))
    return failed(
      context,
      orderId,
      'A return is not authorised: no session that may pay, and no order note of this order.',
    )
  return takePayment(context, order, authentication)
}

function failed(context: Context, orderId: string, problem: string): CheckoutResult {
  context.tell({ during: 'return', problem, orderId })
  return { result: 'failed', orderId }
}

/** Harmless when repeated: journal and service know the payment by then. */
async function takePayment(context: Context, order: CheckoutOrder, ticket: PaymentTicket): Promise<CheckoutResult> {
  const { orderId, amount } = order
  const outcome = await attempt(context, orderId, async () =>
    (await context.isBeingPaid(orderId, ticket.transactionId))
      ? 'paid_by_another'
      : approve(context.merchant, ticket, { expected: { orderId, amount }, journal: context.journal }),
  )
  if (outcome === 'paid_by_another') return standingAfter(context, orderId)
  switch (outcome?.outcome) {
    case 'approved':
      return standingAfter(context, orderId, () => context.markPaid(outcome.payment))
    case 'declined': {
      if (outcome.tampering === 'order_differs')
        return failed(context, orderId, 'A return brought the payment of another order.')
      const rejection = { orderId, code: outcome.code, message: outcome.message }
      await attempt(context, orderId, async () => context.onDeclined?.(rejection))
      return { result: 'declined', ...rejection }
    }
    case 'unknown':
      context.tell({
        during: 'return',
        problem: `The outcome of an approval is not known yet: ${outcome.cause}.`,
        orderId,
      })
      // A duplicate of this visit, or a notice, may have paid the order meanwhile.
      return standingAfter(context, orderId)
    case undefined:
      return { result: 'failed', orderId }
  }
}

async function standingAfter(
  context: Context,
  orderId: string,
  markPaid?: () => Promise<unknown>,
): Promise<CheckoutResult> {
  const standing = await attempt(context, orderId, async () => {
    await markPaid?.()
    return context.findOrder(orderId)
  })
  return standing === undefined ? { result: 'checking', orderId } : standingOf(standing)
}

const standingOf = ({ orderId, state }: CheckoutOrder): CheckoutResult => ({
  result: state === 'open' ? 'checking' : state,
  orderId,
})

/** StopUrl. Unsigned, so it decides nothing: an order that is paid is shown as paid, and only who may pay it is told of to the shop. */
export async function receiveStop(context: Context, request: Request): Promise<Response> {
  const arrival = await receiveAbort(context.merchant, request)
  if (arrival.result === 'go_on') return arrival.response
  const orderId = orderIdOf(request)
  const order = await context.findOrder(orderId)
  if (order === undefined) return context.sendTo({ result: 'failed' })
  if (order.state !== 'open') return context.sendTo({ result: order.state, orderId })
  const isOfOrder = arrival.result === 'received' && arrival.abort.orderId === orderId
  if (isOfOrder && (await mayPay(context, request, order))) {
    const { resultCode, resultMessage } = arrival.abort
    const message = wordsOf(findResultReason(resultCode), resultMessage)
    await attempt(context, orderId, async () => context.onStopped?.({ orderId, code: resultCode, message }))
  }
  return context.sendTo({ result: 'stopped', orderId })
}
