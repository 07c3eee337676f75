import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rejectionCounts } from '../../src/admission/rejections.ts'
import type { Runtime } from '../../src/runtime.ts'
import { testSettings } from '../support.ts'
import { Buyer, openWindowFixture, post, type WindowFixture } from './buyer.ts'
import { requestForm } from './request-form.ts'

const rate = { burst: 3, refillEveryMs: 60_000 }

const openWith = (
  limits: Partial<typeof testSettings.limits>,
  runtime: Partial<Runtime> = {},
): Promise<WindowFixture> =>
  openWindowFixture({}, { runtime, settings: { limits: { ...testSettings.limits, ...limits } } })

/** The cookies of one browser that has opened all windows of this file. */
const cookies: string[] = []

async function openWindow(fixture: WindowFixture): Promise<string> {
  const answer = await fixture.app.request('/ssp/reqPay.do', post(requestForm()))
  cookies.push(answer.headers.get('set-cookie')?.split(';')[0] ?? '')
  return answer.headers.get('location')?.replace(/\?.*/, '') ?? ''
}

async function statusOf(fixture: WindowFixture, url: string, init: RequestInit = {}, address = '203.0.113.7') {
  const headers = { cookie: cookies.join('; '), ...(init.headers as Record<string, string>) }
  return (await fixture.app.request(url, { ...init, headers }, { address })).status
}

const rejectedBy = (bound: 'per_window' | 'per_address'): number =>
  rejectionCounts().find((one) => one.resource === 'window-request' && one.limiter === bound)?.count ?? 0

test('one window answers so many requests, others are unharmed, and time gives more', async () => {
  await using fixture = await openWith({ requestsPerWindow: rate })
  const [url, other] = [await openWindow(fixture), await openWindow(fixture)]
  const before = rejectedBy('per_window')
  for (let shown = 0; shown < 3; shown++) assert.equal(await statusOf(fixture, url), 200)
  assert.equal(await statusOf(fixture, url), 503)
  assert.equal(await statusOf(fixture, url, undefined, '203.0.113.8'), 503, 'from whichever address')
  assert.equal(rejectedBy('per_window') - before, 2)
  assert.equal(await statusOf(fixture, other), 200)
  fixture.clock.advance(60_000)
  assert.equal(await statusOf(fixture, url), 200)
  assert.equal(await statusOf(fixture, url), 503)
})

test('pages, pictures and steps of a window count together', async () => {
  await using fixture = await openWith({ requestsPerWindow: rate })
  const url = await openWindow(fixture)
  assert.equal(await statusOf(fixture, url), 200)
  assert.equal(await statusOf(fixture, `${url}/keypad/${'0'.repeat(32)}.png`), 404)
  assert.equal(await statusOf(fixture, url, post({ step: 'terms' })), 303)
  assert.equal(await statusOf(fixture, url), 503)
  assert.equal(await statusOf(fixture, `${url}/keypad/${'0'.repeat(32)}.png`), 503)
})

test('a rejected step changes nothing, and works later', async () => {
  await using fixture = await openWith({ requestsPerWindow: { burst: 2, refillEveryMs: 60_000 } })
  const person = new Buyer(fixture)
  await person.open()
  cookies.push(person.cookie)
  assert.equal(person.page.step, 'terms')
  assert.equal(await statusOf(fixture, person.page.url), 200)
  assert.equal(await statusOf(fixture, person.page.url, post({ step: 'terms', agreeAll: 'Y' })), 503)
  fixture.clock.advance(120_000)
  assert.equal((await person.reload()).step, 'terms')
  fixture.clock.advance(120_000)
  assert.equal((await person.submit('terms', { agreeAll: 'Y' })).step, 'identity')
})

test('one address is answered so often over all windows, others are unharmed', async () => {
  await using fixture = await openWith({ windowRequestsPerAddress: rate })
  const urls = [await openWindow(fixture), await openWindow(fixture), `/ssp/window/${'0'.repeat(64)}`]
  const before = rejectedBy('per_address')
  assert.deepEqual(await Promise.all(urls.map((url) => statusOf(fixture, url))), [200, 200, 410])
  assert.deepEqual(await Promise.all(urls.map((url) => statusOf(fixture, url))), [503, 503, 503])
  assert.equal(rejectedBy('per_address') - before, 3)
  assert.equal(await statusOf(fixture, `${urls[0]}`, undefined, '203.0.113.8'), 200)
})

test('a rejected address uses up nothing of the window', async () => {
  await using fixture = await openWith({
    windowRequestsPerAddress: { burst: 1, refillEveryMs: 60_000 },
    requestsPerWindow: { burst: 2, refillEveryMs: 60_000 },
  })
  const url = await openWindow(fixture)
  assert.equal(await statusOf(fixture, url), 200)
  for (let flood = 0; flood < 5; flood++) assert.equal(await statusOf(fixture, url), 503)
  assert.equal(await statusOf(fixture, url, undefined, '203.0.113.8'), 200)
})

test('a malformed token gets no bucket', async () => {
  await using fixture = await openWith({ requestsPerWindow: rate, mostRememberedKeys: 1 })
  const url = await openWindow(fixture)
  for (let shown = 0; shown < 3; shown++) {
    assert.equal(await statusOf(fixture, url), 200)
    for (const other of ['x', 'y'.repeat(2_000)]) assert.equal(await statusOf(fixture, `/ssp/window/${other}`), 410)
  }
  assert.equal(await statusOf(fixture, url), 503, 'its bucket was not pushed out')
})

test('the rejection says when to retry, in both languages, also in a shop’s frame, and leads back to the window alone', async () => {
  await using fixture = await openWith({ requestsPerWindow: { burst: 1, refillEveryMs: 2_000 } })
  const url = await openWindow(fixture)
  await statusOf(fixture, url)
  const rejected = await fixture.app.request(url)
  assert.equal(rejected.status, 503)
  assert.equal(rejected.headers.get('retry-after'), '2')
  assert.equal(rejected.headers.get('x-sspay-result'), 'S901')
  assert.equal(rejected.headers.get('cache-control'), 'no-store')
  assert.match(rejected.headers.get('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors \*/)
  assert.equal(rejected.headers.get('x-frame-options'), null)
  assert.equal(rejected.headers.get('cross-origin-embedder-policy'), 'require-corp')
  const page = await rejected.text()
  assert.match(page, /진행하던 결제는 그대로 있으니 잠시 뒤 다시 시도해 주세요\./)
  assert.match(page, /lang="en">It is very busy right now\./)
  assert.deepEqual(page.match(/<(a|form|button|script)\b[^>]*>/g), ['<a class="button block" href="">'])
  fixture.clock.advance(2_000)
  assert.equal(await statusOf(fixture, url), 200, 'the same address goes on')
})

test('a flood is one line of the log a second, without the token', async () => {
  const waiting: (() => void)[] = []
  const schedule: Runtime['schedule'] = (_delayMs, work) => {
    waiting.push(work)
    return () => {}
  }
  await using fixture = await openWith({ requestsPerWindow: { burst: 1, refillEveryMs: 60_000 } }, { schedule })
  const url = await openWindow(fixture)
  for (let flood = 0; flood < 6; flood++) await statusOf(fixture, url)
  const rejections = () => fixture.lines.filter((line) => line.includes('window_requests_rejected'))
  assert.deepEqual(rejections(), [])
  for (const work of waiting.splice(0)) work()
  assert.equal(rejections().length, 1)
  const line = {
    level: 'warn',
    event: 'window_requests_rejected',
    reason: 'overloaded',
    address: '203.0.113.7',
    count: 5,
  }
  assert.deepEqual(JSON.parse(`${rejections()[0]}`), line)
  await statusOf(fixture, url)
  for (const work of waiting.splice(0)) work()
  assert.equal(rejections().length, 2)
  assert.ok(!fixture.lines.join('').includes(url.slice('/ssp/window/'.length)))
})
