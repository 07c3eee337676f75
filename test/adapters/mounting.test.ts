import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { type Checkout, createCheckout, defineMerchant, memoryJournal } from '@sspay/merchant'
import { expressCheckout } from '@sspay/merchant/express'
import { fastifyCheckout } from '@sspay/merchant/fastify'
import { honoCheckout } from '@sspay/merchant/hono'
import { testMerchant } from '@sspay/sandbox'
import express from 'express'
import { fastify } from 'fastify'
import { Hono } from 'hono'

/** A checkout whose payment service only counts who asks it. */
async function openCheckout(t: TestContext): Promise<{ readonly checkout: Checkout; asked(): number }> {
  let asked = 0
  const service = createServer((_, outgoing) => {
    asked++
    outgoing.end('{}')
  })
  const { merchantId, easyPayMerchantId, merchantKey } = testMerchant
  const checkout = createCheckout({
    merchant: defineMerchant({
      merchantId,
      easyPayMerchantId,
      merchantKey: merchantKey.expose(),
      environment: { origin: await listen(t, service) },
      orderSignature: { keys: ['order-signing-key-of-a-shop-under-test-not-a-secret'] },
    }),
    url: 'https://shop.example/pay',
    journal: memoryJournal(),
    findOrder: (orderId) => (orderId === 'A1' ? { ...order, state: 'open' } : undefined),
    mayPay: () => true,
    markOrderPaid: () => true,
    resultUrl: ({ outcome }) => `/?result=${outcome}`,
    onError() {},
  })
  return { checkout, asked: () => asked }
}

const order = {
  orderId: 'A1',
  amount: 1004,
  customerId: 'user0001',
  goodsName: '커피',
  buyerName: '홍길동',
  buyerPhone: '01012345678',
  buyerEmail: 'buyer@shop.example',
}

async function listen(t: TestContext, server: ReturnType<typeof createServer>): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const comeBack = (origin: string): Promise<Response> =>
  fetch(`${origin}/pay/return?order=A1`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ Tid: `ssptest01m0101${'1'.repeat(16)}`, TrAuthKey: 'f'.repeat(64) }),
  })

test('Express: behind a body parser it says so, asks for no payment, and still shows forms', async (t) => {
  const { checkout, asked } = await openCheckout(t)
  const errors: unknown[] = []
  const app = express()
  app.use(express.urlencoded(), express.json(), expressCheckout(checkout))
  const hear: express.ErrorRequestHandler = (error, _request, response, _next) => {
    errors.push(error)
    response.status(500).end()
  }
  app.use(hear)
  const origin = await listen(t, createServer(app))
  assert.equal((await comeBack(origin)).status, 500)
  assert.match(String(errors[0]), /^BodyConsumedError: .*Put the checkout before express\.json\(\)/)
  assert.equal(asked(), 0)
  assert.equal((await fetch(`${origin}/pay/form?order=A1`)).status, 200)
})

test('Express: behind express.raw, below a router and beside a session it takes the payment', async (t) => {
  const { checkout, asked } = await openCheckout(t)
  const app = express()
  app.use(express.raw({ type: '*/*' }))
  app.use('/pay', expressCheckout(checkout))
  app.use((_request, response, next) => {
    response.cookie('session', 'new')
    next()
  })
  app.get('/pay/history', (_request, response) => void response.send('the shop’s own'))
  const origin = await listen(t, createServer(app))
  const answer = await comeBack(origin)
  assert.deepEqual([answer.status, answer.headers.getSetCookie()], [303, []])
  assert.ok(asked() > 0)
  assert.equal(await (await fetch(`${origin}/pay/history`)).text(), 'the shop’s own')
})

test('Fastify: the shop’s own parsers and routes stay as they were', async (t) => {
  const { checkout, asked } = await openCheckout(t)
  const app = fastify()
  t.after(() => app.close())
  app.register(fastifyCheckout(checkout))
  app.post('/own', async (request) => request.body)
  app.get('/pay/history', async () => 'the shop’s own')
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  assert.equal((await comeBack(origin)).status, 303)
  assert.ok(asked() > 0)
  const headers = { 'content-type': 'application/json' }
  const own = await fetch(`${origin}/own`, { method: 'POST', body: '{"a":1}', headers })
  assert.deepEqual(await own.json(), { a: 1 })
  assert.equal((await fetch(`${origin}/own`, { method: 'POST', body: new URLSearchParams({ a: '1' }) })).status, 415)
  assert.equal(await (await fetch(`${origin}/pay/history`)).text(), 'the shop’s own')
})

test('Hono: other addresses are the shop’s own', async (t) => {
  const { checkout } = await openCheckout(t)
  const app = new Hono()
  app.use(honoCheckout(checkout))
  app.get('/pay/history', (context) => context.text('the shop’s own'))
  assert.equal((await app.request('/pay/form?order=A1')).status, 200)
  assert.equal(await (await app.request('/pay/history')).text(), 'the shop’s own')
  assert.equal((await app.request('/pay/other')).status, 404)
})
