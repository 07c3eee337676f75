import { findResultReason } from '@sspay/protocol'
import { approve } from '../approve.ts'
import type { PaymentTicket } from '../payment-ticket.ts'
import { receiveAbort } from '../receive-abort.ts'
import { receiveAuthentication } from '../receive-authentication.ts'
import { wordsOf } from '../words.ts'
import type { Context } from './context.ts'
import type { CheckoutOrder, CheckoutResult } from './options.ts'

const orderIdOf = (request: Request): string => new URL(request.url).searchParams.get('order') ?? ''

/** ReturnUrl: the address names the order, and the answer of the approval proves it. */
export async function receiveBuyer(context: Context, request: Request): Promise<Response> {
  const arrival = await receiveAuthentication(context.merchant, request)
  if (arrival.result === 'go_on') return arrival.response
  const orderId = orderIdOf(request)
  const order = await context.findOrder(orderId)
  if (order === undefined) return context.sendTo({ result: 'failed' })
  if (arrival.result === 'received') return context.sendTo(await takePayment(context, order, arrival.authentication))
  // Who comes back late, or reloads an old address, sees where the order stands.
  if (arrival.state === 'expired') return context.sendTo(standingOf(order))
  const why =
    arrival.tampering ?? arrival.state ?? arrival.problems.map(({ field, rule }) => `${field} ${rule}`).join(', ')
  context.tell({ during: 'return', problem: `What came back cannot be used: ${why}.`, orderId })
  return context.sendTo({ result: 'failed', orderId })
}

/** Harmless when repeated: journal and service know the payment by then. */
async function takePayment(context: Context, order: CheckoutOrder, ticket: PaymentTicket): Promise<CheckoutResult> {
  const { orderId, amount, state } = order
  if (state !== 'open') return { result: state, orderId }
  const outcome = await attempt(context, orderId, async () =>
    (await context.isBeingPaid(orderId, ticket.transactionId))
      ? 'paid_by_another'
      : approve(context.merchant, ticket, { expected: { orderId, amount }, journal: context.journal }),
  )
  if (outcome === 'paid_by_another') return standingAfter(context, orderId)
  switch (outcome?.outcome) {
    case 'approved':
      return standingAfter(context, orderId, () => context.credit(outcome.payment))
    case 'declined': {
      const refusal = { orderId, code: outcome.code, message: outcome.message }
      await attempt(context, orderId, async () => context.onDeclined?.(refusal))
      return { result: 'declined', ...refusal }
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
  credit?: () => Promise<unknown>,
): Promise<CheckoutResult> {
  const standing = await attempt(context, orderId, async () => {
    await credit?.()
    return context.findOrder(orderId)
  })
  return standing === undefined ? { result: 'checking', orderId } : standingOf(standing)
}

/** Undefined when it threw: the shop hears of it, and what is not certain the recovery finishes. */
async function attempt<Value>(
  context: Context,
  orderId: string,
  work: () => Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await work()
  } catch (error) {
    context.tell({ during: 'return', problem: 'The records of the shop are out of reach.', orderId, error })
    return undefined
  }
}

const standingOf = ({ orderId, state }: CheckoutOrder): CheckoutResult => ({
  result: state === 'open' ? 'checking' : state,
  orderId,
})

/** StopUrl. Unsigned, so it decides nothing: an order that is paid is shown as paid. */
export async function receiveStop(context: Context, request: Request): Promise<Response> {
  const arrival = await receiveAbort(context.merchant, request)
  if (arrival.result === 'go_on') return arrival.response
  const orderId = orderIdOf(request)
  const order = await context.findOrder(orderId)
  if (order === undefined) return context.sendTo({ result: 'failed' })
  if (order.state !== 'open') return context.sendTo({ result: order.state, orderId })
  if (arrival.result === 'received' && arrival.abort.orderId === orderId) {
    const { resultCode, resultMessage } = arrival.abort
    const message = wordsOf(findResultReason(resultCode), resultMessage)
    await attempt(context, orderId, async () => context.onStopped?.({ orderId, code: resultCode, message }))
  }
  return context.sendTo({ result: 'stopped', orderId })
}
