import { createPaymentForm, deleteMember } from '@sspay/merchant'
import { createOrders, customerOf, type Shop, sessionCookie } from './shop.ts'
import type { ShopOptions } from './signed-order-shop.ts'

const origin = 'https://guide.test'

/** What the guide's sample does: posts the ticket that arrives, and believes the order that the answer names. */
export function createGuideShop({ merchant, onPaid, onError }: ShopOptions): Shop {
  const orders = createOrders('guide', onPaid)
  const approve = async (request: Request): Promise<Response> => {
    const form = new URLSearchParams(await request.text())
    const body = JSON.stringify({ Tid: form.get('Tid') ?? '', TrAuthKey: form.get('TrAuthKey') ?? '' })
    const answer = await merchant.transport({
      connectTimeoutMs: 1_000,
      readTimeoutMs: 10_000,
      maxAnswerBytes: 65_536,
      url: merchant.endpoints.approval,
      body,
    })
    const result = answer.outcome === 'answered' ? JSON.parse(Buffer.from(answer.body).toString()) : {}
    const isPaid = result.ResultCode === '3001' && orders.pay(result.Moid, result.Tid)
    if (!isPaid) onError(`${result.ResultCode}`)
    return new Response(isPaid ? 'paid' : 'failed')
  }
  return {
    kind: 'guide',
    easyPayMerchantId: merchant.easyPayMerchantId,
    origin,
    async fetch(request) {
      const { pathname, searchParams } = new URL(request.url)
      if (pathname === '/sign-in') return sessionCookie(searchParams.get('customer') ?? '')
      if (pathname === '/return') return approve(request)
      const order = orders.find(searchParams.get('order') ?? '')
      if (order === undefined || customerOf(request) !== order.customerId) return new Response('', { status: 404 })
      const { orderId, amount, customerId } = order
      const { fields } = createPaymentForm(merchant, {
        orderId,
        amount,
        customerId,
        goodsName: 'coffee',
        buyerName: '구매자',
        buyerPhone: '01000000000',
        buyerEmail: 'buyer@shop.example',
        returnUrl: `${origin}/return`,
        abortUrl: `${origin}/stop`,
      })
      return Response.json(fields)
    },
    placeOrder: orders.place,
    order: orders.find,
    formAddress: (orderId) => `${origin}/form?order=${orderId}`,
    signInAddress: (customerId) => `${origin}/sign-in?customer=${customerId}`,
    returnAddress: () => `${origin}/return`,
    readForm: ({ html }) => JSON.parse(html),
    deleteMember: async (customerId) => (await deleteMember(merchant, customerId)).outcome === 'deleted',
  }
}
