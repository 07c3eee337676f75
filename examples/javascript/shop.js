import { createServer } from 'node:http'
import { createCheckout, readCheckoutConfig } from '@sspay/merchant'
import { expressCheckout } from '@sspay/merchant/express'
import {
  closeOrder,
  findOrder,
  findOwnOrder,
  isBeingChecked,
  journal,
  markOrderPaid,
  noteRejection,
  placeOrder,
} from './orders.js'
import { goodsPage, orderPage } from './pages.js'
import { customerOf, newSessionCookie } from './session.js'

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

/** Express의 미들웨어는 `node:http`에 그대로 얹을 수 있습니다. `/pay` 아래의 주소가 아니면 `next`를 부릅니다. */
const pay = expressCheckout(checkout)

const sendPage = (response, html) => response.setHeader('content-type', 'text/html; charset=utf-8').end(html)

const redirect = (response, location) => response.writeHead(303, { location }).end()

const showGoods = (request, response) => {
  if (customerOf(request.headers.cookie) === undefined) response.setHeader('set-cookie', newSessionCookie())
  sendPage(response, goodsPage())
}

const takeOrder = (request, response) => {
  const customerId = customerOf(request.headers.cookie)
  redirect(response, customerId === undefined ? '/' : `/pay/form?order=${placeOrder(customerId)}`)
}

const showOrder = async (response, order, result) => {
  const isChecking = await isBeingChecked(order.orderId)
  sendPage(response, orderPage(order, { isChecking, result }))
}

/** 결제 주소가 아닌 쇼핑몰의 나머지 주소. */
async function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://shop.invalid')
  const [, orderId, close] = /^\/orders\/([^/]+)(\/close)?$/.exec(pathname) ?? []
  const order = orderId && findOwnOrder(orderId, customerOf(request.headers.cookie))
  if (request.method === 'GET' && pathname === '/') showGoods(request, response)
  else if (request.method === 'POST' && pathname === '/orders') takeOrder(request, response)
  else if (request.method === 'GET' && order && !close) await showOrder(response, order, searchParams.get('result'))
  else if (request.method === 'POST' && order && close) {
    closeOrder(order.orderId)
    redirect(response, `/orders/${order.orderId}`)
  } else response.writeHead(404).end()
}

const sendProblem = (response, error) => {
  console.error(error)
  if (!response.headersSent) response.writeHead(500)
  response.end()
}

const server = createServer((request, response) => {
  pay(request, response, (error) => {
    if (error === undefined) answer(request, response).catch((cause) => sendProblem(response, cause))
    else sendProblem(response, error)
  })
})

const recovery = checkout.startRecovery()
const { PORT = '4700' } = process.env
server.listen(Number(PORT), () => console.log(`http://localhost:${PORT} 을 열어 보세요.`))

process.once('SIGTERM', async () => {
  server.close()
  await recovery.stop()
})
