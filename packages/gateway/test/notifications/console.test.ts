import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consoleRoutes } from '../../src/console/route.ts'
import { notificationsOf } from '../../src/notifications/store.ts'
import { noCardNetwork } from '../support.ts'
import { buyer, createNotificationFixture, hourMs, minuteMs, type NotificationFixture } from './support.ts'

async function openConsole(t: { after(work: () => Promise<void>): void }) {
  const world = await createNotificationFixture()
  t.after(world.close)
  const app = consoleRoutes({ ...world.context, cardNetwork: noCardNetwork }, { links: [] })
  let cookie = ''
  const read = async (path: string) => {
    const answer = await app.request(`http://console.local${path}`, { headers: { cookie } })
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie
    return answer.text()
  }
  const post = (path: string, type: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
    app.request(`http://console.local${path}`, {
      method: 'POST',
      body,
      headers: { 'content-type': type, cookie, ...headers },
    })
  const press = (fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) =>
    post('/notifications/resend', 'application/x-www-form-urlencoded', String(new URLSearchParams(fields)), headers)
  return { ...world, read, post, press }
}

/** The fields of the button, as a browser would send them. */
function buttonOf(page: string, transactionId: string): Readonly<Record<string, string>> {
  const form = page.split('<form').find((part) => part.includes(`value="${transactionId}"`)) ?? ''
  return Object.fromEntries([...form.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]))
}

async function letRest({ save, enqueue, deliver, clockwork, shop }: NotificationFixture): Promise<void> {
  await save({ intervalMinutes: 1, maxAttempts: 2 })
  shop.answerWith((response) => response.writeHead(503).end())
  deliver()
  await enqueue({})
  await clockwork.advance(hourMs)
}

test('the list shows state, attempts, last result and next time, and filters by state', async (t) => {
  const world = await openConsole(t)
  await letRest(world)
  world.shop.answerWith((response) => response.end('hello'))
  await world.save({ intervalMinutes: 10, maxAttempts: 5 })
  await world.enqueue({ transactionId: 'PAYMENT2' })
  await world.clockwork.advance(minuteMs)
  const all = await world.read('/notifications')
  assert.match(all, /data-notification="exhausted"/)
  assert.match(all, /HTTP 503/)
  assert.match(all, /응답에 OK 없음/)
  assert.match(all, /9분 0초 뒤 보냄<\/span><br><span class="faint">2025-01-02 04:14:05 예정/)
  assert.match(all, /1번 시도 \/ 최대 5번/)
  assert.match(all, /<span class="shop-answer small faint code">http:/)
  const exhausted = await world.read('/notifications?state=exhausted')
  assert.match(exhausted, /PAYMENT1/)
  assert.doesNotMatch(exhausted, /PAYMENT2/)
})

test('pages follow each other without a gap', async (t) => {
  const world = await openConsole(t)
  const ids = Array.from({ length: 65 }, (_, index) => `NOTICE${String(index).padStart(2, '0')}`)
  await world.enqueue(...ids.map((transactionId) => ({ transactionId })))
  const shown: string[] = []
  for (let path: string | undefined = '/notifications'; path !== undefined; ) {
    const page: string = await world.read(path)
    shown.push(...[...page.matchAll(/href="\/payments\/(\w+)"/g)].map(([, id = '']) => id))
    path = /href="(\/notifications\?before=[^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&')
  }
  assert.deepEqual(shown.toSorted(), ids)
})

test('the button resends; the same form from another page, or without its CSRF token, does not', async (t) => {
  const world = await openConsole(t)
  await letRest(world)
  const button = buttonOf(await world.read('/notifications'), 'PAYMENT1')
  const rejections = [
    await world.press(button, { origin: 'https://evil.example' }),
    await world.press(button, { 'sec-fetch-site': 'cross-site' }),
    await world.press({ ...button, token: '' }),
    await world.press({ ...button, token: '0'.repeat(64) }),
    await world.press({ ...button, transactionId: 'PAYMENT2' }),
    await world.press({ ...button, sequence: '5' }),
    await world.post('/notifications/resend', 'text/plain', 'x'),
  ]
  assert.deepEqual(
    rejections.map(({ status }) => status),
    rejections.map(() => 400),
  )
  assert.equal((await notificationsOf(world.context, 'PAYMENT1'))[0]?.state, 'exhausted')

  world.shop.answerWith((response) => response.end('OK'))
  const pressed = await world.press(button, { origin: 'http://console.local' })
  assert.deepEqual([pressed.status, pressed.headers.get('location')], [303, '/payments/PAYMENT1'])
  await world.clockwork.advance(0)
  assert.equal((await notificationsOf(world.context, 'PAYMENT1'))[0]?.state, 'delivered')
})

test('the same as JSON: list, resend, and rejections', async (t) => {
  const world = await openConsole(t)
  await letRest(world)
  const { notifications } = JSON.parse(await world.read('/api/notifications?state=exhausted'))
  assert.equal(notifications.length, 1)
  assert.deepEqual(
    { ...notifications[0], enqueuedAt: undefined },
    {
      transactionId: 'PAYMENT1',
      sequence: 4,
      merchantId: 'ssptest01m',
      paymentState: 'approved',
      state: 'exhausted',
      attempts: 2,
      lastResult: 'http_503',
      enqueuedAt: undefined,
    },
  )
  const resend = (body: unknown, type = 'application/json', headers = {}) =>
    world.post('/api/notifications/resend', type, JSON.stringify(body), headers)
  const reference = { transactionId: 'PAYMENT1', sequence: 4 }
  const statuses = [
    await resend(reference, 'text/plain'),
    await resend(reference, 'application/json', { origin: 'https://evil.example' }),
    await resend({ transactionId: '<script>', sequence: 4 }),
    await resend({ ...reference, sequence: 9 }),
    await resend(reference),
  ].map(({ status }) => status)
  assert.deepEqual(statuses, [400, 400, 400, 404, 200])
})

test('resending for a merchant without a target is rejected with the reason', async (t) => {
  const world = await openConsole(t)
  await world.enqueue({})
  const rejected = await world.press(buttonOf(await world.read('/notifications'), 'PAYMENT1'))
  assert.equal(rejected.status, 400)
  assert.match(await rejected.text(), /상점에 통보 URL이 없습니다/)
})

test('no personal data in logs, on pages, in the JSON or in tables', async (t) => {
  const world = await openConsole(t)
  await letRest(world)
  await world.save({ maxAttempts: 1, charset: 'euc-kr' })
  await world.enqueue({ transactionId: 'PAYMENT2' })
  await world.clockwork.advance(hourMs)
  const shown = [await world.read('/notifications'), await world.read('/api/notifications'), ...world.lines].join('\n')
  const stored = (await world.readStoredBytes()).toString('latin1')
  for (const canary of Object.values(buyer)) {
    assert.ok(world.shop.received[0]?.body.includes(encodeURIComponent(canary)), 'the shop itself receives it')
    assert.equal(shown.includes(canary), false, canary)
    assert.equal(stored.includes(Buffer.from(canary).toString('latin1')), false, canary)
  }
})
