import { type Checkout, createCheckout, readCheckoutConfig } from '@sspay/merchant'
import { creditOrder, findOrder, journal, noteRefusal } from './orders.ts'
import { customerOf } from './session.ts'

export const openCheckout = (): Checkout =>
  createCheckout({
    ...readCheckoutConfig(process.env),
    journal,
    findOrder,
    mayPay: (request, order) => customerOf(request.headers.get('cookie')) === order.customerId,
    creditOrder,
    onDeclined: noteRefusal,
    resultUrl: ({ orderId, result }) => (orderId === undefined ? '/' : `/orders/${orderId}?result=${result}`),
    onTrouble: (trouble) => console.warn(trouble),
  })
