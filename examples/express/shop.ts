import { createHash, randomUUID } from 'node:crypto'
import { createCheckout, readCheckoutConfig } from '@sspay/merchant'
import { expressCheckout } from '@sspay/merchant/express'
import express from 'express'
import {
  closeOrder,
  creditOrder,
  findOrder,
  isBeingChecked,
  journal,
  noteRefusal,
  placeOrder,
  type ShopOrder,
} from './orders.ts'
import { goodsPage, orderPage } from './pages.ts'

const { PORT = '4700', SSPAY_CHECKOUT_URL = '' } = process.env

const checkout = createCheckout({
  ...readCheckoutConfig(process.env),
  journal,
  findOrder,
  mayPay: (request, order) => customerOf(request.headers.get('cookie')) === order.customerId,
  creditOrder,
  onDeclined: noteRefusal,
  resultUrl: ({ orderId, result }) => (orderId === undefined ? '/' : `/orders/${orderId}?result=${result}`),
  onTrouble: (trouble) => console.warn(trouble),
})

/** 로그인이 있는 쇼핑몰은 회원 번호를 씁니다. 여기에서는 쿠키 하나가 고객 한 사람입니다. */
function customerOf(cookies: string | null | undefined): string | undefined {
  const session = /(?:^|; )session=([0-9a-f-]{36})(?:;|$)/.exec(cookies ?? '')?.[1]
  return session && createHash('sha256').update(session).digest('hex').slice(0, 20)
}

const app = express()

// 세션과 본문 파서보다 먼저 둡니다. 다른 사이트(결제창)에서 돌아올 때는 쿠키가 없어서, 새 세션이 고객의 쿠키를 덮어쓰게 됩니다.
app.use(expressCheckout(checkout))

app.get('/', (request, response) => {
  const options = { httpOnly: true, sameSite: 'lax', secure: SSPAY_CHECKOUT_URL.startsWith('https:') } as const
  if (customerOf(request.headers.cookie) === undefined) response.cookie('session', randomUUID(), options)
  response.send(goodsPage())
})

app.post('/orders', (request, response) => {
  const customerId = customerOf(request.headers.cookie)
  if (customerId === undefined) return response.redirect(303, '/')
  response.redirect(303, `/pay/form?order=${placeOrder(customerId)}`)
})

/** 주문은 주문한 고객에게만 보입니다. */
function orderOf({ params, headers }: express.Request<{ orderId: string }>): ShopOrder | undefined {
  const order = findOrder(params.orderId)
  return order?.customerId === customerOf(headers.cookie) ? order : undefined
}

app.get('/orders/:orderId', async (request, response) => {
  const order = orderOf(request)
  if (order === undefined) return response.sendStatus(404)
  const isChecking = await isBeingChecked(order.orderId)
  response.send(orderPage(order, { isChecking, result: request.query.result }))
})

app.post('/orders/:orderId/close', (request, response) => {
  const order = orderOf(request)
  if (order === undefined) return response.sendStatus(404)
  closeOrder(order.orderId)
  response.redirect(303, `/orders/${order.orderId}`)
})

const recovery = checkout.startRecovery()
const server = app.listen(Number(PORT), () => console.log(`http://localhost:${PORT} 을 열어 보세요.`))

process.once('SIGTERM', async () => {
  server.close()
  await recovery.stop()
})
