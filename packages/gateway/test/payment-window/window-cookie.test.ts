import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testSettings } from '../support.ts'
import { Buyer, openWindowFixture, post } from './buyer.ts'
import { requestForm } from './request-form.ts'

interface Visit {
  readonly name: string
  readonly origin: string
  readonly proxyHops: number
  readonly headers?: Readonly<Record<string, string>>
  readonly isSecure: boolean
}

const forwarded = { 'x-forwarded-proto': 'https' }

const visits: readonly Visit[] = [
  { name: 'HTTPS', origin: 'https://pay.example', proxyHops: 0, isSecure: true },
  { name: 'plain HTTP', origin: 'http://localhost', proxyHops: 0, isSecure: false },
  { name: 'HTTPS at a proxy', origin: 'http://pay.example', proxyHops: 1, headers: forwarded, isSecure: true },
  { name: 'a proxy that does not say so', origin: 'http://pay.example', proxyHops: 1, isSecure: false },
  { name: 'an undeclared proxy', origin: 'http://pay.example', proxyHops: 0, headers: forwarded, isSecure: false },
]

for (const { name, origin, proxyHops, headers = {}, isSecure } of visits)
  test(`the cookie of a window over ${name}`, async () => {
    await using fixture = await openWindowFixture({}, { settings: { limits: { ...testSettings.limits, proxyHops } } })
    const opened = await fixture.app.request(`${origin}/ssp/reqPay.do`, post(requestForm(), headers))
    const [line = '', ...others] = opened.headers.getSetCookie()
    assert.deepEqual(others, [])
    const [, prefix, attributes] = /^((?:__Host-)?)sspay-window-[0-9a-f]{8}=[\w-]{43}; (.*)$/.exec(line) ?? []
    const lives = 'Max-Age=2400; Path=/; HttpOnly'
    assert.deepEqual(
      [prefix, attributes],
      isSecure ? ['__Host-', `${lives}; Secure; SameSite=None; Partitioned`] : ['', `${lives}; SameSite=Lax`],
    )
    const shown = await fixture.app.request(`${origin}${opened.headers.get('location')}`, {
      headers: { ...headers, cookie: `other=1; ${line.split(';')[0]}` },
    })
    assert.equal(shown.status, 200)
    assert.doesNotMatch(await shown.text(), /pageSecret/)
  })

test('the cookies of 180 windows of one browser stay below the limit of request headers', async () => {
  await using fixture = await openWindowFixture()
  const window = new Buyer(fixture, { origin: 'https://pay.example' })
  // Chromium keeps 180 of one host.
  for (let opened = 0; opened < 180; opened++) await window.request('/ssp/reqPay.do', post(requestForm()))
  assert.ok(window.cookie.length < 14 * 1024, `${window.cookie.length}`)
})
