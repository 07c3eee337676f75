import { createCheckout, readCheckoutConfig } from '@sspay/merchant'
import { fastifyCheckout } from '@sspay/merchant/fastify'
import fastify from 'fastify'
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

const app = fastify()

// 세션 플러그인과 나란히 둡니다. 결제창에서 돌아오는 첫 요청에는 쿠키가 없어서, 세션 아래에 두면 새 쿠키가 고객의 쿠키를 덮어씁니다.
app.register(fastifyCheckout(checkout))

// 아래의 폼에는 읽을 내용이 없습니다.
app.addContentTypeParser('application/x-www-form-urlencoded', (_request, payload, done) => {
  payload.resume()
  done(null)
})

app.get('/', (request, reply) => {
  if (customerOf(request.headers.cookie) === undefined) reply.header('set-cookie', newSessionCookie())
  return reply.type('text/html; charset=utf-8').send(goodsPage())
})

app.post('/orders', (request, reply) => {
  const customerId = customerOf(request.headers.cookie)
  return reply.redirect(customerId === undefined ? '/' : `/pay/form?order=${placeOrder(customerId)}`, 303)
})

interface OrderRoute {
  readonly Params: { readonly orderId: string }
  readonly Querystring: { readonly result?: string }
}

app.get<OrderRoute>('/orders/:orderId', async (request, reply) => {
  const order = findOwnOrder(request.params.orderId, customerOf(request.headers.cookie))
  if (order === undefined) return reply.code(404).send('not found')
  const isChecking = await isBeingChecked(order.orderId)
  return reply.type('text/html; charset=utf-8').send(orderPage(order, { isChecking, result: request.query.result }))
})

app.post<OrderRoute>('/orders/:orderId/close', (request, reply) => {
  const order = findOwnOrder(request.params.orderId, customerOf(request.headers.cookie))
  if (order === undefined) return reply.code(404).send('not found')
  closeOrder(order.orderId)
  return reply.redirect(`/orders/${order.orderId}`, 303)
})

const recovery = checkout.startRecovery()
app.addHook('onClose', () => recovery.stop())

const { PORT = '4700' } = process.env
await app.listen({ port: Number(PORT) })
console.log(`http://localhost:${PORT} 을 열어 보세요.`)

process.once('SIGTERM', () => app.close())
