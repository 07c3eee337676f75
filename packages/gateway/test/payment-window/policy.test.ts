import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { isPlainOrigin, pageOriginOf } from '../../src/payment-window/answer.ts'
import { Buyer, openWindowFixture, type WindowFixture } from './buyer.ts'
import { requestForm } from './request-form.ts'

let fixture: WindowFixture

before(async () => {
  fixture = await openWindowFixture()
})
after(() => fixture.close())

/** Hosts by the URL standard; a sandbox accepts every shop. */
const hostileHosts = ['shop;script-src.evil.example', 'shop,evil.example', '*', '*.example', "'self'", "shop'.example"]

const directivesOf = (policy: string): readonly (readonly string[])[] =>
  policy.split(/[;,]\s*/).map((directive) => directive.split(' '))

for (const host of hostileHosts)
  test(`the host ${host} of a shop does not come into a policy`, async () => {
    for (const origin of [`http://${host}`, `https://${host}`]) {
      assert.ok(URL.canParse(origin), 'a host to the URL standard')
      const form = requestForm({ returnUrl: `${origin}/return`, abortUrl: `${origin}/stop`, customerId: 'hostile' })
      for (const headers of [{ origin }, {}] as const) {
        const window = new Buyer(fixture)
        await window.open({ ...form, SspReturn: 'message' }, headers as Record<string, string>)
        await window.submit('abort')
        for (const page of window.pages) {
          const policy = page.headers.get('content-security-policy') ?? ''
          assert.ok(!policy.includes(host) || host === "'self'", policy)
          const directives = new Map(directivesOf(policy).map(([name = '', ...sources]) => [name, sources]))
          assert.deepEqual(directives.get('frame-ancestors'), ["'none'"])
          assert.equal(page.headers.get('x-frame-options'), 'DENY')
        }
      }
    }
  })

test('origins that a policy and a message can have: names, addresses and ports', () => {
  for (const origin of ['https://shop.example', 'http://localhost:4600', 'http://[::1]:80', 'http://my_shop.test'])
    assert.ok(isPlainOrigin(origin), origin)
  for (const host of hostileHosts) {
    assert.ok(!isPlainOrigin(`https://${host}`), host)
    const request = new Request('https://pay.example/', { headers: { origin: `https://${host}` } })
    assert.equal(pageOriginOf(request), undefined)
  }
})
