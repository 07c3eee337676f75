import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextCheckout } from '../../src/adapters/next.ts'
import type { Checkout } from '../../src/index.ts'

const request = (): Request => new Request('http://internal:3000/store/pay/form?order=1')

const reported: unknown[] = []
const checkout = {
  path: '/store/pay',
  owns: (pathname) => pathname.startsWith('/store/pay/'),
  fetch: async (given: Request) => new Response(given.url),
  reportError: (pathname, error) => void reported.push([pathname, String(error)]),
} as Checkout

test('nothing is opened while the file is loaded, and once for all requests after', async () => {
  let opened = 0
  const { GET, POST } = nextCheckout(async () => {
    opened++
    return checkout
  })
  assert.equal(opened, 0)
  const answers = await Promise.all([GET(request()), POST(request()), GET(request())])
  assert.equal(await answers[0]?.text(), 'http://internal:3000/store/pay/form?order=1')
  assert.equal(opened, 1)
})

test('a checkout that could not be opened is opened again with the next request', async () => {
  let opened = 0
  const { GET } = nextCheckout(() => {
    if (++opened === 1) throw new Error('the database is away')
    return checkout
  })
  await assert.rejects(GET(request()), /the database is away/)
  assert.equal((await GET(request())).status, 200)
  assert.equal(opened, 2)
})

test('the basePath that Next.js has cut is put before the path, unless it is there', async () => {
  const { POST } = nextCheckout(() => checkout)
  for (const path of ['/pay/form/', '/store/pay/form/']) {
    const given = new Request(`http://internal:3000${path}?order=1`, { method: 'POST', body: 'a=1' })
    assert.equal(await (await POST(given)).text(), 'http://internal:3000/store/pay/form/?order=1')
  }
})

test('the path of another route stays as it is', async () => {
  const { GET } = nextCheckout(() => checkout)
  for (const path of ['/repay/form', '/other/pay/form'])
    assert.equal(await (await GET(new Request(`http://internal:3000${path}`))).text(), `http://internal:3000${path}`)
})

test('a body that was read before it could be moved below the basePath is reported', async () => {
  const { POST } = nextCheckout(() => checkout)
  const given = new Request('http://internal:3000/pay/return', { method: 'POST', body: 'a=1' })
  await given.text()
  await assert.rejects(POST(given), /Read a copy of the request instead: request\.clone\(\)/)
  assert.match(String(reported[0]), /^\/store\/pay\/return,BodyConsumedError: /)
})
