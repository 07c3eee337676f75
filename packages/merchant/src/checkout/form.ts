import { opensInPlace } from '@sspay/protocol'
import { createPaymentForm, type PaymentForm } from '../payment-form.ts'
import type { Context } from './context.ts'
import { formPage } from './form-page.ts'
import type { CheckoutOrder } from './options.ts'

const addressOf = ({ publicUrl }: Context, name: 'return' | 'abort', orderId: string): string =>
  `${publicUrl}/${name}?order=${orderId}`

/** Signs an order with the return and abort addresses of the checkout. */
export function createOrderForm(context: Context, order: CheckoutOrder, device: 'pc' | 'mobile' = 'pc'): PaymentForm {
  const { state: _, ...payable } = order
  const returnUrl = addressOf(context, 'return', order.orderId)
  const abortUrl = addressOf(context, 'abort', order.orderId)
  return createPaymentForm(context.merchant, { ...payable, returnUrl, abortUrl }, { device })
}

/** The signed form of an order, if the request may pay it: a page, or JSON for a page of the shop's own. */
export async function showForm(context: Context, request: Request): Promise<Response> {
  const order = await context.findOrder(new URL(request.url).searchParams.get('order') ?? '')
  if (order === undefined || !(await context.mayPay(request, order))) return new Response('not found', { status: 404 })
  const { orderId, state } = order
  if (state !== 'open') return context.sendTo({ outcome: state, orderId })
  if (await context.isBeingPaid(orderId)) return context.sendTo({ outcome: 'checking', orderId })
  const device = opensInPlace(request.headers.get('user-agent') ?? '') ? 'mobile' : 'pc'
  const form = createOrderForm(context, order, device)
  const { environment, now } = context.merchant
  const returnUrl = addressOf(context, 'return', orderId)
  if (!/\bjson\b/.test(request.headers.get('accept') ?? ''))
    return formPage({ order, form, environment, returnUrl, at: now() })
  const shown = typeof environment === 'string' ? environment : { origin: new URL(form.action).origin }
  const headers = { 'cache-control': 'no-store' }
  return Response.json({ environment: shown, fields: form.fields, returnUrl }, { headers })
}
