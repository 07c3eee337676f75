import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextCheckout } from '../../src/adapters/next.ts'
import type { Checkout } from '../../src/index.ts'

const request = (): Request => new Request('http://internal:3000/pay/form?order=1')

const checkout = { fetch: async (given: Request) => new Response(given.url) } as Checkout

test('nothing is opened while the file is loaded, and once for all requests after', async () => {
  let opened = 0
  const { GET, POST } = nextCheckout(async () => {
    opened++
    return checkout
  })
  assert.equal(opened, 0)
  const answers = await Promise.all([GET(request()), POST(request()), GET(request())])
  assert.equal(await answers[0]?.text(), 'http://internal:3000/pay/form?order=1')
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
