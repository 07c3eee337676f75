import { approvalResult, type WireText } from '@sspay/protocol'
import { readAnswer } from '../answer.ts'
import { isPaymentOf } from '../is-payment-of.ts'
import type { PaymentTicket } from '../payment-ticket.ts'
import { attempt } from './attempt.ts'
import type { Context } from './context.ts'
import type { CheckoutOrder } from './options.ts'

/** Whether the session of the request belongs to the order; no when the shop cannot tell. */
export const mayPay = async (context: Context, request: Request, order: CheckoutOrder): Promise<boolean> =>
  (await attempt(context, order.orderId, async () => context.mayPay(request, order))) === true

/**
 * Whether the visitor may have something written about the order. Anybody can post a ticket to its address; a buyer whose browser brings no
 * session, as after an in-app browser, is known by the order note that the service shows for the ticket.
 */
export const isAuthorized = async (
  context: Context,
  request: Request,
  order: CheckoutOrder,
  ticket: PaymentTicket,
): Promise<boolean> => (await mayPay(context, request, order)) || isPaymentOf(context.merchant, ticket, order)

/** A service may echo the fields of the form beside the ticket. They come through the browser, so they only ever say no. */
export function namesAnotherCustomer(echoed: WireText, { customerId }: CheckoutOrder): boolean {
  const echo = readAnswer(approvalResult, echoed).message
  return echo.customerId !== undefined && echo.customerId !== customerId
}
