import { createCheckout, readCheckoutConfig } from '@sspay/merchant'
import { expressCheckout } from '@sspay/merchant/express'
import express from 'express'
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

const app = express()

// 세션과 본문 파서보다 먼저 둡니다. 결제창에서 돌아오는 첫 요청에는 쿠키가 없어서, 세션이 먼저라면 새 쿠키가 고객의 쿠키를 덮어씁니다.
app.use(expressCheckout(checkout))

app.get('/', (request, response) => {
  if (customerOf(request.headers.cookie) === undefined) response.set('set-cookie', newSessionCookie())
  response.send(goodsPage())
})

app.post('/orders', (request, response) => {
  const customerId = customerOf(request.headers.cookie)
  response.redirect(303, customerId === undefined ? '/' : `/pay/form?order=${placeOrder(customerId)}`)
})

app.get('/orders/:orderId', async (request, response) => {
  const order = findOwnOrder(request.params.orderId, customerOf(request.headers.cookie))
  if (order === undefined) {
    response.sendStatus(404)
    return
  }
  const isChecking = await isBeingChecked(order.orderId)
  response.send(orderPage(order, { isChecking, result: request.query.result }))
})

app.post('/orders/:orderId/close', (request, response) => {
  const order = findOwnOrder(request.params.orderId, customerOf(request.headers.cookie))
  if (order === undefined) {
    response.sendStatus(404)
    return
  }
  closeOrder(order.orderId)
  response.redirect(303, `/orders/${order.orderId}`)
})

const recovery = checkout.startRecovery()
const { PORT = '4700' } = process.env
const server = app.listen(Number(PORT), () => console.log(`http://localhost:${PORT} 을 열어 보세요.`))

process.once('SIGTERM', async () => {
  server.close()
  await recovery.stop()
})
