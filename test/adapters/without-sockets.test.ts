import assert from 'node:assert/strict'
import { once } from 'node:events'
import { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { PassThrough, Readable } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { expressCheckout } from '@sspay/merchant/express'
import { fastifyCheckout } from '@sspay/merchant/fastify'
import express from 'express'
import { fastify } from 'fastify'
import { openShop, type TestShop } from '../../packages/merchant/test/checkout/shop.ts'
import { answeringWith } from '../../packages/merchant/test/loopback.ts'
import { approvalTicket, approvedAnswer, transactionId } from '../../packages/merchant/test/samples.ts'

const url = '/pay/return?order=ORD0001'
const payload = String(new URLSearchParams({ Tid: transactionId, TrAuthKey: approvalTicket }))
const headers = {
  'content-type': 'application/x-www-form-urlencoded',
  cookie: 'session=own',
  'sec-fetch-site': 'same-origin',
}

const openPayableShop = async (t: TestContext): Promise<TestShop> =>
  openShop(t, await answeringWith(t, { body: approvedAnswer() }))

const assertPaid = ({ results, errors, timesMarkedPaid }: TestShop): void => {
  assert.deepEqual([results, errors], [[{ outcome: 'paid', orderId: 'ORD0001' }], []])
  assert.equal(timesMarkedPaid(), 1)
}

test('Fastify: an injected request pays', async (t) => {
  const shop = await openPayableShop(t)
  const app = fastify().register(fastifyCheckout(shop.checkout))
  t.after(() => app.close())
  const answer = await app.inject({ method: 'POST', url, headers, payload })
  assert.equal(answer.statusCode, 303)
  assertPaid(shop)
})

/** The request of the wrappers of API Gateway and Lambda: `headers` is filled, `rawHeaders` is not. */
function requestOfEvent(given: Readonly<Record<string, string>>): IncomingMessage {
  const request = new IncomingMessage({ encrypted: true, readable: false, destroy() {} } as unknown as Socket)
  const body = Readable.from([Buffer.from(payload)])
  body.on('data', (part) => request.push(part))
  body.on('end', () => request.push(null))
  return Object.assign(request, { method: 'POST', url, headers: given, complete: true, _read: () => {} })
}

test('Express: a serverless event pays, also with decoded text in a header', async (t) => {
  const shop = await openPayableShop(t)
  const app = express()
  app.use(expressCheckout(shop.checkout))
  const request = requestOfEvent({ ...headers, 'x-viewer-city': '서울' })
  const response = new ServerResponse(request)
  const finished = once(response, 'finish', { signal: AbortSignal.timeout(20_000) })
  ;(app as unknown as (given: IncomingMessage, to: ServerResponse) => void)(request, response)
  response.assignSocket(new PassThrough().resume() as unknown as Socket)
  await finished
  assert.equal(response.statusCode, 303)
  assertPaid(shop)
})

test('Fastify: a request over HTTP/2 pays, and its authority is the host', async (t) => {
  const hosts: (string | null)[] = []
  const gateway = await answeringWith(t, { body: approvedAnswer() })
  const shop = openShop(t, gateway, {
    mayPay(request) {
      hosts.push(request.headers.get('host'))
      return true
    },
  })
  const app = fastify({ http2: true })
  app.register(fastifyCheckout(shop.checkout))
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const session = connect(`http://127.0.0.1:${port}`)
  t.after(async () => {
    session.destroy()
    await app.close()
  })
  const stream = session.request({ ':method': 'POST', ':path': url, ':authority': 'shop.example', ...headers })
  stream.end(payload)
  const [answer] = await once(stream, 'response', { signal: AbortSignal.timeout(20_000) })
  assert.equal(answer[':status'], 303)
  assertPaid(shop)
  assert.deepEqual(hosts, ['shop.example'])
})

test('Fastify: what the adapter cannot convert reaches onError, and the framework', async (t) => {
  const shop = await openPayableShop(t)
  const app = fastify()
  t.after(() => app.close())
  app.addHook('preHandler', async (request) => {
    if (request.headers['x-parsed'] !== undefined) request.body = { Tid: 'x' }
  })
  app.register(fastifyCheckout(shop.checkout))
  const parsed = await app.inject({ method: 'POST', url, headers: { ...headers, 'x-parsed': '1' }, payload })
  const large = await app.inject({ method: 'POST', url, headers, payload: 'x'.repeat(70_000) })
  assert.deepEqual([parsed.statusCode, large.statusCode], [500, 413])
  assert.deepEqual(
    shop.errors.map(({ during, problem, error }) => [during, problem, (error as Error).name]),
    [
      ['return', 'The request could not be read.', 'BodyConsumedError'],
      ['return', 'The request could not be read.', 'FastifyError'],
    ],
  )
})
