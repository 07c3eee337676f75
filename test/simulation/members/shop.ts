import type { Page } from './browser.ts'

export interface ShopOrder {
  readonly orderId: string
  readonly customerId: string
  /** Won. */
  readonly amount: number
  /** The payments that have paid it. */
  readonly paidBy: string[]
}

/** A shop with customers who sign in, and orders. */
export interface Shop {
  readonly kind: ShopKind
  readonly easyPayMerchantId: string
  readonly origin: string
  fetch(request: Request): Promise<Response>
  placeOrder(customerId: string, amount: number): ShopOrder
  order(orderId: string): ShopOrder | undefined
  /** The fields of the form on the page of an order. */
  readForm(page: Page): Readonly<Record<string, string>>
  formAddress(orderId: string): string
  signInAddress(customerId: string): string
  /** Where the payment service posts the ticket of this order. */
  returnAddress(orderId: string): string
  /** 회원 삭제, which the customer asks the shop for. Whether a member was deleted. */
  deleteMember(customerId: string): Promise<boolean>
}

/**
 * `signed`: the SDK's checkout with the signed order note. `guide`: the steps of the guide's sample, without the SDK.
 */
export type ShopKind = 'signed' | 'guide'

export const sessionCookie = (customerId: string): Response =>
  new Response('signed in', {
    headers: { 'set-cookie': `customer=${customerId}; Path=/; Secure; HttpOnly; SameSite=Lax` },
  })

export const customerOf = (request: Request): string | undefined =>
  /(?:^|; )customer=([^;]+)/.exec(request.headers.get('cookie') ?? '')?.[1]

/** Orders that know who has paid them. */
export function createOrders(
  kind: ShopKind,
  onPaid: (order: ShopOrder, transactionId: string) => void,
): {
  place: Shop['placeOrder']
  find: Shop['order']
  pay(orderId: string, transactionId: string): boolean
} {
  const orders = new Map<string, ShopOrder>()
  return {
    place(customerId, amount) {
      const order = { orderId: `${kind}-${orders.size + 1}`, customerId, amount, paidBy: [] }
      orders.set(order.orderId, order)
      return order
    },
    find: (orderId) => orders.get(orderId),
    pay(orderId, transactionId) {
      const order = orders.get(orderId)
      if (order === undefined || order.paidBy.length > 0) return false
      order.paidBy.push(transactionId)
      onPaid(order, transactionId)
      return true
    },
  }
}
