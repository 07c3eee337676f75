import {
  createPaymentForm,
  FieldError,
  isPaymentOf,
  type PaymentForm,
  readNotification,
  receiveAbort,
  receiveAuthentication,
} from '@sspay/merchant'
import { describeProblem } from '@sspay/protocol'
import { type Context, Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { readBasket } from './browse-route.ts'
import { fromOwnPage, type ShopContext, type ShopVariables, tokensOf } from './context.ts'
import { type Basket, findGoods } from './goods.ts'
import type { Buyer, Order, PaymentFlow } from './model.ts'
import { flowScript, orderPage } from './order-page.ts'
import { notFoundPage, problemPage, shopPage } from './page.ts'
import { paymentPage, paymentScripts } from './payment-page.ts'
import { applyNotification, approvePayment, recoverNow, refundOrder } from './payments.ts'
import { statusPage } from './status-page.ts'

/** Payment request, return, abort, notification and refund: every address that the SDK has a part in. */
export function payRoutes(shop: ShopContext): Hono<ShopVariables> {
  const own = fromOwnPage(shop)
  return new Hono<ShopVariables>()
    .post('/orders', own, (context) => placeOrder(shop, context))
    .get('/orders/:orderId/pay', (context) => showPayment(shop, context))
    .on(['GET', 'POST'], '/pay/return', (context) => receivePayment(shop, context))
    .on(['GET', 'POST'], '/pay/stop', (context) => receiveAbortedPayment(shop, context))
    .post('/pay/notify', async (context) => {
      const { wallClock = shop.runtime.now } = shop.runtime
      const options = { webhookKeys: shop.webhookKeys, now: wallClock() }
      const reading = await readNotification(shop.merchant, context.req.raw, options)
      if (reading.outcome === 'verified') await applyNotification(shop, reading.notification)
      else shop.log.error('notification_rejected', { reason: reading.reason })
      return reading.answer()
    })
    .get('/orders/:orderId', (context) => {
      const order = ownOrder(shop, context, context.req.param('orderId'))
      return order === undefined
        ? notFoundPage()
        : shopPage(statusPage(order, shop.addressesAt(context.req.url).consoleUrl, tokensOf(shop, order.customerId)))
    })
    .post('/orders/:orderId/check', own, (context) => changeOrder(shop, context, () => recoverNow(shop)))
    .post('/orders/:orderId/cancel', own, (context) =>
      changeOrder(shop, context, async (order) => {
        const { amount } = await context.req.parseBody()
        if (amount === undefined) await refundOrder(shop, order)
        else if (typeof amount === 'string' && /^[1-9][0-9]{0,11}$/.test(amount))
          await refundOrder(shop, order, Number(amount))
      }),
    )
}

type ShopRequest = Context<ShopVariables>

function ownOrder(shop: ShopContext, context: ShopRequest, orderId: string): Order | undefined {
  const order = shop.store.find(orderId)
  return order !== undefined && order.customerId === context.get('customerId') ? order : undefined
}

async function changeOrder(
  shop: ShopContext,
  context: ShopRequest,
  change: (order: Order) => Promise<void>,
): Promise<Response> {
  const order = ownOrder(shop, context, context.req.param('orderId') ?? '')
  if (order === undefined) return notFoundPage()
  await change(order)
  return context.redirect(`/orders/${order.orderId}`, 303)
}

/** What the buyer entered on the order page. The shop stores none of it: a cookie carries it to the payment page. */
interface Entered {
  readonly flow: PaymentFlow
  readonly buyer: Buyer
}

interface OrderRequest extends Basket, Entered {
  readonly orderId: string
}

type Fields = Pick<FormData | URLSearchParams, 'get'>

const textIn = (fields: Fields, name: string): string => {
  const value = fields.get(name)
  return typeof value === 'string' ? value.trim() : ''
}

const readEntered = (fields: Fields): Entered => ({
  flow: textIn(fields, 'flow') === 'page' ? 'page' : 'layer',
  buyer: {
    buyerName: textIn(fields, 'buyerName'),
    buyerPhone: textIn(fields, 'buyerPhone'),
    buyerEmail: textIn(fields, 'buyerEmail'),
  },
})

async function readOrderRequest(context: ShopRequest): Promise<OrderRequest | undefined> {
  const form = await context.req.formData()
  const basket = readBasket(textIn(form, 'goods'), textIn(form, 'quantity'))
  const orderId = textIn(form, 'orderId')
  if (basket === undefined || !/^ML[0-9]{6}-[0-9a-f]{10}$/.test(orderId)) return undefined
  return { ...basket, orderId, ...readEntered(form) }
}

const enteredCookie = 'entered'

/** Stores the order. Post/redirect/get: the payment page can be reloaded and gone back to. */
async function placeOrder(shop: ShopContext, context: ShopRequest): Promise<Response> {
  const customerId = context.get('customerId')
  const request = await readOrderRequest(context)
  if (customerId === undefined || request === undefined) {
    return problemPage(400, '주문서를 다시 열어 주세요', '쿠키가 꺼져 있거나 주문서가 올바르지 않아요.')
  }
  const signed = signOrder(shop, request, customerId, context.req.url)
  if (!signed.ok) {
    const tokenFor = tokensOf(shop, customerId)
    const draft = { ...request, isMember: shop.store.isMember(customerId), problem: signed.problem, tokenFor }
    return shopPage({ status: 422, title: '주문서', body: orderPage(draft), script: flowScript })
  }
  const { orderId, goods, quantity, amount, flow, buyer } = request
  const orderedAt = shop.runtime.now()
  const order = shop.store.place({ orderId, customerId, goodsId: goods.goodsId, quantity, amount, orderedAt })
  if (order.customerId !== customerId || order.amount !== amount) return notFoundPage()
  const path = `/orders/${orderId}/pay`
  const entered = String(new URLSearchParams({ ...buyer, flow }))
  setCookie(context, enteredCookie, entered, { httpOnly: true, sameSite: 'Lax', path })
  return context.redirect(path, 303)
}

/** The signed form. A reload signs the same order again. */
function showPayment(shop: ShopContext, context: ShopRequest): Response | Promise<Response> {
  const order = ownOrder(shop, context, context.req.param('orderId') ?? '')
  const goods = findGoods(order?.goodsId ?? '')
  if (order === undefined || goods === undefined) return notFoundPage()
  const { orderId, customerId, quantity, amount } = order
  if (order.state !== 'awaiting' && order.state !== 'aborted') return context.redirect(`/orders/${orderId}`, 303)

  const entered = readEntered(new URLSearchParams(getCookie(context, enteredCookie)))
  const request = { orderId, goods, quantity, amount, ...entered }
  const signed = signOrder(shop, request, customerId, context.req.url)
  // Without the cookie, the buyer enters it again.
  if (!signed.ok) return context.redirect(`/order?goods=${goods.goodsId}&quantity=${quantity}`, 303)
  const { form, returnUrl, consoleUrl } = signed
  return shopPage({
    title: '결제',
    body: paymentPage({ ...request, form, returnUrl, consoleUrl }),
    script: paymentScripts[entered.flow],
    dropInUrl: form.scriptUrl,
    gatewayOrigin: new URL(form.action).origin,
  })
}

type SignedOrder =
  | { readonly ok: true; readonly form: PaymentForm; readonly returnUrl: string; readonly consoleUrl: string }
  | { readonly ok: false; readonly problem: string }

function signOrder(shop: ShopContext, request: OrderRequest, customerId: string, url: string): SignedOrder {
  const { orderId, goods, quantity, amount, flow, buyer } = request
  const { origin } = new URL(url)
  const returnUrl = `${origin}/pay/return?order=${orderId}`
  const { merchant, consoleUrl } = shop.addressesAt(url)
  try {
    const form = createPaymentForm(
      merchant,
      {
        orderId,
        customerId,
        amount,
        goodsName: goods.name,
        goodsCount: quantity,
        ...buyer,
        returnUrl,
        abortUrl: `${origin}/pay/stop`,
        merchantNote: `달빛 상점 ${goods.goodsId}`,
      },
      { device: flow === 'layer' ? 'pc' : 'mobile' },
    )
    return { ok: true, form, returnUrl, consoleUrl }
  } catch (error) {
    if (!(error instanceof FieldError)) throw error
    return { ok: false, problem: error.problems.map((problem) => describeProblem(problem).ko).join(' ') }
  }
}

/** ReturnUrl. The URL names the order, and the approval result proves it. A reload finds the outcome recorded. */
async function receivePayment(shop: ShopContext, context: ShopRequest): Promise<Response> {
  const order = shop.store.find(context.req.query('order') ?? '')
  const arrival = await receiveAuthentication(shop.merchant, context.req.raw)
  if (arrival.outcome === 'redirect') return arrival.response
  const isLate = arrival.outcome === 'rejected' && arrival.state === 'expired'
  if (order === undefined || (arrival.outcome === 'rejected' && !isLate)) {
    const isTampered = arrival.outcome === 'rejected' && arrival.tampering !== undefined
    const title = isTampered ? '서명한 주문과 달라요' : '결제 정보를 읽지 못했어요'
    return problemPage(400, title, '결제는 승인되지 않았어요. 주문서에서 다시 시도해 주세요.')
  }
  if (arrival.outcome === 'authenticated') {
    const ticket = arrival.approvalTicket
    // Anyone can post a ticket here: without the buyer's cookie, the gateway must confirm that it is of this order.
    const isBuyer = order.customerId === context.get('customerId')
    if (isBuyer || (await isPaymentOf(shop.merchant, ticket, { orderId: order.orderId })))
      await approvePayment(shop, order, ticket)
  }
  return context.redirect(`/orders/${order.orderId}`, 303)
}

/** StopUrl. Unsigned, through the buyer's browser: it must not change an order that is being paid. */
async function receiveAbortedPayment(shop: ShopContext, context: ShopRequest): Promise<Response> {
  const arrival = await receiveAbort(shop.merchant, context.req.raw)
  if (arrival.outcome === 'redirect') return arrival.response
  if (arrival.outcome === 'rejected')
    return problemPage(400, '중단된 결제를 읽지 못했어요', '결제는 승인되지 않았어요.')
  const { orderId, resultCode } = arrival.abort
  shop.store.abort(orderId, resultCode)
  return shop.store.find(orderId) === undefined ? notFoundPage() : context.redirect(`/orders/${orderId}`, 303)
}
