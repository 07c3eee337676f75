import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { until } from '../../../../test/support/until.ts'
import { expressCheckout } from '../../src/adapters/express.ts'
import type { NodeRequest } from '../../src/adapters/node-request.ts'
import { BodyConsumedError } from '../../src/checkout/request-at.ts'
import type { Checkout } from '../../src/index.ts'

interface Seen {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const reported: string[] = []

/** A checkout that says what reached it. */
const echo: Checkout = {
  path: '/pay',
  owns: (pathname) => pathname.startsWith('/pay/'),
  async fetch(given) {
    const bytes = Buffer.from(await given.arrayBuffer())
    const headers = Object.fromEntries(given.headers)
    const seen: Seen = { url: given.url, method: given.method, headers, body: bytes.toString('latin1') }
    return Response.json(seen, { status: 201, headers: { 'x-answer': '1' } })
  },
  reportError(pathname) {
    reported.push(pathname)
  },
  formOf: async () => undefined,
  recover: () => Promise.reject(new Error('not asked')),
  startRecovery: () => assert.fail('not asked'),
}

interface Server {
  readonly origin: string
  readonly errors: readonly unknown[]
  /** How many have reached the middleware. */
  requests(): number
}

/** A server of node:http with the middleware alone; `before` is what stands in front of it. */
async function serve(t: TestContext, before: (incoming: NodeRequest) => unknown = () => {}): Promise<Server> {
  const errors: unknown[] = []
  let requests = 0
  const middleware = expressCheckout(echo)
  const server = createServer(async (incoming, outgoing) => {
    await before(incoming)
    requests++
    middleware(incoming, outgoing, (error) => {
      if (error !== undefined) errors.push(error)
      outgoing.writeHead(error === undefined ? 404 : 500).end('handed on')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, errors, requests: () => requests }
}

const post = (origin: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(`${origin}/pay/return?order=1`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  })

test('method, address, headers and body reach the checkout as they came, and its answer the browser', async (t) => {
  const { origin } = await serve(t)
  const answer = await post(origin, 'a=%C5%BF', { cookie: 'session=1', 'sec-fetch-site': 'cross-site' })
  assert.deepEqual([answer.status, answer.headers.get('x-answer')], [201, '1'])
  const seen = (await answer.json()) as Seen
  assert.equal(new URL(seen.url).pathname + new URL(seen.url).search, '/pay/return?order=1')
  assert.deepEqual([seen.method, seen.body], ['POST', 'a=%C5%BF'])
  assert.equal(seen.headers.cookie, 'session=1')
  assert.equal(seen.headers['content-type'], 'application/x-www-form-urlencoded')
})

test('an address that is not the checkout’s is handed on', async (t) => {
  const { origin, errors } = await serve(t)
  const answer = await fetch(`${origin}/payments`)
  assert.deepEqual([answer.status, await answer.text(), errors], [404, 'handed on', []])
})

for (const path of ['//evil.example/pay/return', '//', '//[', '*', '/pay/../pay'])
  test(`a strange address is a path of this host that is not the checkout’s: ${path}`, async (t) => {
    const { origin, errors } = await serve(t)
    const outgoing = request({ host: '127.0.0.1', port: new URL(origin).port, path })
    outgoing.end()
    const [answer] = await once(outgoing, 'response')
    answer.resume()
    assert.deepEqual([answer.statusCode, errors], [404, []])
  })

test('behind a router that cuts addresses, the whole address counts', async (t) => {
  const { origin } = await serve(t, (incoming) =>
    Object.assign(incoming, { originalUrl: incoming.url, url: '/return' }),
  )
  const seen = (await (await post(origin, 'a=1')).json()) as Seen
  assert.match(seen.url, /\/pay\/return\?order=1$/)
})

test('the bytes that a framework kept are taken', async (t) => {
  for (const name of ['rawBody', 'body']) {
    const { origin } = await serve(t, async (incoming) => {
      const parts: Buffer[] = []
      for await (const part of incoming) parts.push(part)
      Object.assign(incoming, { body: { parsed: true }, [name]: Buffer.concat(parts) })
    })
    assert.equal(((await (await post(origin, 'a=%C5%BF')).json()) as Seen).body, 'a=%C5%BF', name)
  }
})

test('a body that somebody has parsed before is an error that says what to do', async (t) => {
  const { origin, errors } = await serve(t, async (incoming) => {
    for await (const _ of incoming);
    Object.assign(incoming, { body: { Tid: 'x' } })
  })
  assert.equal((await post(origin, 'Tid=x')).status, 500)
  assert.ok(errors[0] instanceof BodyConsumedError)
  assert.match(String(errors[0]), /Put the checkout before express\.json\(\) and express\.urlencoded\(\)/)
  assert.equal(reported.at(-1), '/pay/return')
})

test('of a body that is too long more than a form may have arrives, and not all of it', async (t) => {
  const { origin } = await serve(t)
  const { body } = (await (await post(origin, 'x'.repeat(1_000_000))).json()) as Seen
  assert.ok(body.length > 65_536 && body.length < 300_000, String(body.length))
})

test('a browser that leaves in the middle of its post is an error that the framework receives, not one that is thrown', async (t) => {
  const { origin, errors, requests } = await serve(t)
  const outgoing = request(`${origin}/pay/return`, { method: 'POST', headers: { 'content-length': '100' } })
  outgoing.on('error', () => {})
  outgoing.write('half')
  await until(() => requests() === 1)
  outgoing.destroy()
  await until(() => errors.length > 0, { what: 'the error' })
  assert.equal(errors.length, 1)
})
