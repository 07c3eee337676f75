import { type CheckoutOrder, createCheckout, deleteMember, type Merchant, memoryJournal } from '@sspay/merchant'
import { createOrders, customerOf, type Shop, type ShopOrder, sessionCookie } from './shop.ts'

export interface ShopOptions {
  readonly merchant: Merchant
  onPaid(order: ShopOrder, transactionId: string): void
  onError(problem: string): void
}

const origin = 'https://signed.test'

/** A shop on the SDK: its checkout, its session, its orders. */
export function createSignedOrderShop({ merchant, onPaid, onError }: ShopOptions): Shop {
  const orders = createOrders('signed', onPaid)
  const describe = ({ orderId, amount, customerId, paidBy }: ShopOrder): CheckoutOrder => ({
    orderId,
    amount,
    customerId,
    goodsName: 'coffee',
    buyerName: '구매자',
    buyerPhone: '01000000000',
    buyerEmail: 'buyer@shop.example',
    state: paidBy.length > 0 ? 'paid' : 'open',
  })
  const checkout = createCheckout({
    merchant,
    url: `${origin}/pay`,
    journal: memoryJournal(),
    findOrder: (orderId) => {
      const order = orders.find(orderId)
      return order && describe(order)
    },
    mayPay: (request, order) => customerOf(request) === order.customerId,
    markOrderPaid: (_connection, { orderId, transactionId }) => orders.pay(orderId, transactionId),
    resultUrl: ({ outcome }) => `/result?${outcome}`,
    onError: ({ problem }) => onError(problem),
  })
  return {
    kind: 'signed',
    easyPayMerchantId: merchant.easyPayMerchantId,
    origin,
    async fetch(request) {
      const { pathname, searchParams, search } = new URL(request.url)
      if (checkout.owns(pathname)) return checkout.fetch(request)
      return pathname === '/sign-in' ? sessionCookie(searchParams.get('customer') ?? '') : new Response(search.slice(1))
    },
    placeOrder: orders.place,
    order: orders.find,
    formAddress: (orderId) => `${origin}/pay/form?order=${orderId}`,
    signInAddress: (customerId) => `${origin}/sign-in?customer=${customerId}`,
    returnAddress: (orderId) => `${origin}/pay/return?order=${orderId}`,
    readForm: ({ html }) => JSON.parse(html).fields,
    deleteMember: async (customerId) => (await deleteMember(merchant, customerId)).outcome === 'deleted',
  }
}
