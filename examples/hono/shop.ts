import { serve } from '@hono/node-server'
import { createCheckout, readCheckoutConfig } from '@sspay/merchant'
import { honoCheckout } from '@sspay/merchant/hono'
import { Hono } from 'hono'
import {
  closeOrder,
  findOrder,
  findOwnOrder,
  isBeingChecked,
  journal,
  markOrderPaid,
  noteRejection,
  placeOrder,
} from './orders.ts'
import { goodsPage, orderPage } from './pages.ts'
import { customerOf, newSessionCookie } from './session.ts'

const checkout = createCheckout({
  ...readCheckoutConfig(process.env),
  journal,
  findOrder,
  mayPay: (request, order) => customerOf(request.headers.get('cookie')) === order.customerId,
  markOrderPaid,
  onDeclined: noteRejection,
  resultUrl: ({ orderId, outcome }) => (orderId === undefined ? '/' : `/orders/${orderId}?result=${outcome}`),
  onError: (error) => console.warn(error),
})

const app = new Hono()

// 세션보다 먼저 둡니다. 결제창에서 돌아오는 첫 요청에는 쿠키가 없어서, 세션이 먼저라면 새 쿠키가 고객의 쿠키를 덮어씁니다.
app.use(honoCheckout(checkout))

app.get('/', (context) => {
  if (customerOf(context.req.header('cookie')) === undefined) context.header('set-cookie', newSessionCookie())
  return context.html(goodsPage())
})

app.post('/orders', (context) => {
  const customerId = customerOf(context.req.header('cookie'))
  return context.redirect(customerId === undefined ? '/' : `/pay/form?order=${placeOrder(customerId)}`, 303)
})

app.get('/orders/:orderId', async (context) => {
  const order = findOwnOrder(context.req.param('orderId'), customerOf(context.req.header('cookie')))
  if (order === undefined) return context.notFound()
  const isChecking = await isBeingChecked(order.orderId)
  return context.html(orderPage(order, { isChecking, result: context.req.query('result') }))
})

app.post('/orders/:orderId/close', (context) => {
  const order = findOwnOrder(context.req.param('orderId'), customerOf(context.req.header('cookie')))
  if (order === undefined) return context.notFound()
  closeOrder(order.orderId)
  return context.redirect(`/orders/${order.orderId}`, 303)
})

const recovery = checkout.startRecovery()
const { PORT = '4700' } = process.env
const server = serve({ fetch: app.fetch, port: Number(PORT) }, () =>
  console.log(`http://localhost:${PORT} 을 열어 보세요.`),
)

process.once('SIGTERM', async () => {
  server.close()
  await recovery.stop()
})
