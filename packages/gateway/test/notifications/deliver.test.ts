import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { decodeForm, encodeText } from '@sspay/protocol/charset'
import type { AttemptResult } from '../../src/notifications/model.ts'
import { defaultDelivery, startDelivery } from '../../src/notifications/start-delivery.ts'
import { notificationsOf } from '../../src/notifications/store.ts'
import { createNotificationFixture, minuteMs, notificationFields, sayNothing, sayOk } from './support.ts'

type Answers = (response: ServerResponse) => void

const page = '<!doctype html><html><body>\n  <p>OK</p>\n</body></html>'

const answers: readonly (readonly [name: string, answers: Answers, result: AttemptResult])[] = [
  ['OK', (response) => response.end('OK'), 'delivered'],
  ['OK among blanks', (response) => response.end('\r\n\r\n   OK \r\n'), 'delivered'],
  ['OK in a page', (response) => response.end(page), 'delivered'],
  ['OK after a BOM', (response) => response.end(Buffer.from('\uFEFFOK')), 'delivered'],
  ['OK in EUC-KR', (response) => response.end(encodeText('처리 결과: OK 입니다', 'euc-kr')), 'delivered'],
  ['OK in UTF-16', (response) => response.end(Buffer.from('\uFEFFOK', 'utf16le')), 'delivered'],
  ['OK in pieces', inPieces('O', 'K'), 'delivered'],
  ['OK as a value', (response) => response.end('{"result":"OK","code":0}'), 'delivered'],
  ['OK of one payment', (response) => response.end('Payment OK'), 'delivered'],
  ['OK within a word', (response) => response.end('INVALID_TOKEN'), 'no_ok'],
  ['OK within another word', (response) => response.end('<title>PORTFOLIO BOOKS</title>'), 'no_ok'],
  ['OK within a name', (response) => response.end('{"error":"TOKEN_EXPIRED"}'), 'no_ok'],
  ['OK that is negated', (response) => response.end('NOT OK: order unknown'), 'no_ok'],
  ["OK after isn't", (response) => response.end("it isn't OK"), 'no_ok'],
  ['OK that is false', (response) => response.end('{"OK": false}'), 'no_ok'],
  ['OK within the first 64 kB', (response) => response.end(`${' '.repeat(65_534)}OK`), 'delivered'],
  ['OK before a body without an end', endless('OK'), 'delivered'],
  ['OK beyond the first 64 kB', (response) => response.end(`${' '.repeat(65_535)}OK`), 'no_ok'],
  ['a huge body', endless(''), 'no_ok'],
  ['ok in small letters', (response) => response.end('ok'), 'no_ok'],
  ['200 without OK', (response) => response.end('<html>처리 중 오류가 발생했습니다</html>'), 'no_ok'],
  ['200 without a body', (response) => response.end(), 'no_ok'],
  ['201 with OK', status(201), 'http_201'],
  ['301 with OK', status(301, { location: 'http://127.0.0.1:1/' }), 'http_301'],
  ['302 with OK', status(302, { location: '/pay/notify' }), 'http_302'],
  ['404 with OK', status(404), 'http_404'],
  ['500 with OK', status(500), 'http_500'],
  ['503 with OK', status(503), 'http_503'],
  ['a reset before the answer', (response) => response.socket?.resetAndDestroy(), 'connection_failed'],
  ['a reset within the answer', cutAfter('Content-Length: 9', 'OK'), 'connection_failed'],
  ['garbage', (response) => response.socket?.end('GARBAGE\0\xFF\r\n\r\n'), 'connection_failed'],
  ['silence', sayNothing as Answers, 'timed_out'],
]

function inPieces(...pieces: readonly string[]): Answers {
  return async (response) => {
    for (const piece of pieces) {
      response.write(piece)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    response.end()
  }
}

function endless(start: string): Answers {
  return (response) => {
    response.write(start)
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, '.')));
    }
    response.on('drain', more)
    more()
  }
}

function status(code: number, headers: Readonly<Record<string, string>> = {}): Answers {
  return (response) => void response.writeHead(code, headers).end('OK')
}

function cutAfter(header: string, start: string): Answers {
  return (response) => {
    response.socket?.write(`HTTP/1.1 200 OK\r\n${header}\r\n\r\n${start}`, () => response.socket?.destroy())
  }
}

for (const [name, answer, result] of answers) {
  test(`${name}: ${result}`, async (t) => {
    const world = await createNotificationFixture()
    t.after(world.close)
    const { shop, context, clockwork } = world
    shop.answerWith(answer)
    await world.save()
    await world.enqueue({})
    world.deliver()
    await clockwork.advance(result === 'timed_out' ? 10_000 : 1_000)
    const [notification] = await notificationsOf(context, 'PAYMENT1')
    assert.equal(notification?.lastResult, result)
    assert.equal(notification?.state, result === 'delivered' ? 'delivered' : 'pending')
    assert.equal(shop.received.length, 1)

    shop.answerWith(sayOk)
    await clockwork.advance(10 * minuteMs)
    assert.equal((await notificationsOf(context, 'PAYMENT1'))[0]?.state, 'delivered')
    assert.equal(shop.received.length, result === 'delivered' ? 1 : 2)
    const lines = world.lines.filter((line) => line.includes('notification_attempted'))
    assert.equal(lines.length, shop.received.length, 'one line per attempt')
  })
}

test('an unreachable shop and an unknown host name are retried', async (t) => {
  const world = await createNotificationFixture()
  t.after(world.close)
  await world.enqueue({})
  for (const url of ['http://127.0.0.1:1080/', 'http://shop.invalid/']) {
    await world.save({ url })
    await world.enqueue({ transactionId: url })
    world.deliver()
    await world.clockwork.advance(1_000)
    assert.equal((await notificationsOf(world.context, url))[0]?.lastResult, 'connection_failed', url)
  }
})

for (const charset of ['utf-8', 'euc-kr'] as const) {
  test(`the complete form arrives in ${charset}`, async (t) => {
    const world = await createNotificationFixture()
    t.after(world.close)
    await world.save({ charset })
    await world.enqueue({})
    world.deliver()
    await world.clockwork.advance(0)
    const [received] = world.shop.received
    assert.equal(received?.headers['content-type'], `application/x-www-form-urlencoded; charset=${charset}`)
    assert.deepEqual({ ...decodeForm(Buffer.from(received?.body ?? ''), charset).fields }, notificationFields)
  })
}

test('a character that EUC-KR lacks is replaced, and the notification goes out', async (t) => {
  const world = await createNotificationFixture()
  t.after(world.close)
  await world.save({ charset: 'euc-kr' })
  await world.enqueue({ fields: { ...notificationFields, BuyerName: '홍🙂길동' } })
  world.deliver()
  await world.clockwork.advance(0)
  const { fields } = decodeForm(Buffer.from(world.shop.received[0]?.body ?? ''), 'euc-kr')
  assert.equal(fields.BuyerName, '홍?길동')
})

test('a notification without a form and without a stored answer is exhausted unsent', async (t) => {
  const world = await createNotificationFixture()
  t.after(world.close)
  await world.save({ maxAttempts: 1 })
  await world.enqueue({ fields: undefined })
  world.deliver()
  await world.clockwork.advance(0)
  const [notification] = await notificationsOf(world.context, 'PAYMENT1')
  assert.deepEqual([notification?.state, notification?.lastResult], ['exhausted', 'form_unwritable'])
  assert.equal(world.shop.received.length, 0)
})

test('an unavailable database costs the notification no attempt', async (t) => {
  const world = await createNotificationFixture()
  let isAway = true
  const formOfAnswer = async () => {
    if (isAway) throw new Error('Connection terminated unexpectedly')
    return notificationFields
  }
  const stop = startDelivery({ ...world.context, formOfAnswer }, { ...defaultDelivery, pollEveryMs: minuteMs })
  t.after(async () => {
    await stop()
    await world.close()
  })
  await world.save({ maxAttempts: 1 })
  await world.enqueue({ fields: undefined })
  await world.clockwork.advance(0)
  assert.equal((await notificationsOf(world.context, 'PAYMENT1'))[0]?.attempts, 0)
  isAway = false
  await world.clockwork.advance(3 * minuteMs)
  const [notification] = await notificationsOf(world.context, 'PAYMENT1')
  assert.deepEqual([notification?.state, notification?.attempts], ['delivered', 1])
})

test('a form that the root key cannot decrypt is exhausted, and the others go out', async (t) => {
  const world = await createNotificationFixture()
  t.after(world.close)
  await world.save({ maxAttempts: 1 })
  await world.enqueue({}, { transactionId: 'PAYMENT2' })
  await world.context.storage.transact((transaction) =>
    transaction.write(`update notifications set body_encrypted = 'AAAA' where transaction_id = 'PAYMENT1'`),
  )
  world.deliver()
  await world.clockwork.advance(0)
  assert.deepEqual(
    (await Promise.all(['PAYMENT1', 'PAYMENT2'].map((id) => notificationsOf(world.context, id)))).map(
      ([notification]) => [notification?.state, notification?.lastResult],
    ),
    [
      ['exhausted', 'form_unwritable'],
      ['delivered', 'delivered'],
    ],
  )
})
