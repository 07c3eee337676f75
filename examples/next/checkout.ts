import { type Checkout, createCheckout, readCheckoutConfig } from '@sspay/merchant'
import { findOrder, journal, markOrderPaid, noteRejection } from './orders.ts'
import { customerOf } from './session.ts'

export const openCheckout = (): Checkout =>
  createCheckout({
    ...readCheckoutConfig(process.env),
    journal,
    findOrder,
    mayPay: (request, order) => customerOf(request.headers.get('cookie')) === order.customerId,
    markOrderPaid,
    onDeclined: noteRejection,
    resultUrl: ({ orderId, outcome }) => (orderId === undefined ? '/' : `/orders/${orderId}?result=${outcome}`),
    onError: (error) => console.warn(error),
  })
