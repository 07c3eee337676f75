import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../../../../test/support/until.ts'
import { notificationsOf, requeueNotification } from '../../src/notifications/store.ts'
import { createNotificationFixture, hourMs, minuteMs, type NotificationFixture, sayNothing, sayOk } from './support.ts'

async function openWorld(t: { after(work: () => Promise<void>): void }): Promise<NotificationFixture> {
  const world = await createNotificationFixture()
  t.after(world.close)
  return world
}

/** Minutes since the first attempt. */
const minutesOf = ({ shop }: NotificationFixture): readonly number[] =>
  shop.received.map(({ at }) => (at.getTime() - (shop.received[0]?.at.getTime() ?? 0)) / minuteMs)

const stateOf = async ({ context }: NotificationFixture, transactionId = 'PAYMENT1') =>
  (await notificationsOf(context, transactionId)).map(({ state, attempts }) => `${state} ${attempts}`).join(', ')

for (const { intervalMinutes, maxAttempts } of [
  { intervalMinutes: 1, maxAttempts: 1 },
  { intervalMinutes: 1, maxAttempts: 10 },
  { intervalMinutes: 7, maxAttempts: 5 },
  { intervalMinutes: 60, maxAttempts: 10 },
]) {
  test(`a shop that is down for three days: ${maxAttempts} attempts, ${intervalMinutes} minutes apart, then exhausted`, async (t) => {
    const world = await openWorld(t)
    world.shop.answerWith((response) => response.writeHead(503).end('OK'))
    await world.save({ intervalMinutes, maxAttempts })
    world.deliver({ pollEveryMs: 6 * hourMs })
    await world.enqueue({})
    await world.clockwork.advance(72 * hourMs)
    assert.deepEqual(
      minutesOf(world),
      Array.from({ length: maxAttempts }, (_, attempt) => attempt * intervalMinutes),
    )
    assert.equal(await stateOf(world), `exhausted ${maxAttempts}`)

    world.shop.answerWith(sayOk)
    await world.clockwork.advance(72 * hourMs)
    assert.equal(world.shop.received.length, maxAttempts, 'what rests is left alone')
  })
}

test('a slow shop times out after ten seconds, and the interval counts from the start of the attempt', async (t) => {
  const world = await openWorld(t)
  world.shop.answerWith(sayNothing)
  await world.save({ intervalMinutes: 1, maxAttempts: 3 })
  world.deliver()
  await world.enqueue({})
  await world.clockwork.advance(9_999)
  assert.equal(await stateOf(world), 'pending 0', 'still listening')
  await world.clockwork.advance(1)
  assert.equal(await stateOf(world), 'pending 1')
  await world.clockwork.advance(10 * minuteMs)
  assert.deepEqual(minutesOf(world), [0, 1, 2])
  assert.equal(await stateOf(world), 'exhausted 3')
})

test('a commit that wakes delivery is delivered at once', async (t) => {
  const world = await openWorld(t)
  await world.save()
  world.deliver({ pollEveryMs: hourMs })
  await world.clockwork.advance(minuteMs)
  await world.enqueue({})
  await world.clockwork.advance(0)
  assert.equal(await stateOf(world), 'delivered 1')
})

test('the commit of another process is found within a second', async (t) => {
  const world = await openWorld(t)
  await world.save()
  world.deliver({ pollEveryMs: 1_000 })
  await world.clockwork.advance(minuteMs)
  await world.context.storage.transact((transaction) =>
    transaction.write(
      `insert into notifications (transaction_id, sequence, merchant_id, payment_state, enqueued_at, state, body_encrypted)
       values ('PAYMENT1', 4, 'ssptest01m', 'approved', ?1, 'pending', ?2)`,
      [world.context.runtime.now().getTime(), world.context.keyRing.encrypt('{}', 'notification:PAYMENT1:4')],
    ),
  )
  await world.clockwork.advance(1_000)
  assert.equal(await stateOf(world), 'delivered 1')
})

test('notifications of one payment go out in order, also while the first one fails', async (t) => {
  const world = await openWorld(t)
  await world.save({ intervalMinutes: 1, maxAttempts: 3 })
  world.shop.answerWith((response, { sequence }) => response.end(sequence === 4 ? 'not yet' : 'OK'))
  world.deliver()
  await world.enqueue({ sequence: 6 }, { sequence: 4 }, { sequence: 5 }, { transactionId: 'PAYMENT2', sequence: 4 })
  await world.clockwork.advance(hourMs)
  const ofPayment = (id: string) => world.shop.received.filter(({ transactionId }) => transactionId === id)
  assert.deepEqual(
    ofPayment('PAYMENT1').map(({ sequence }) => sequence),
    [4, 4, 4, 5, 6],
  )
  assert.equal(await stateOf(world), 'exhausted 3, delivered 1, delivered 1')
  assert.equal(ofPayment('PAYMENT2')[0]?.at.getTime(), world.shop.received[0]?.at.getTime(), 'others do not wait')
})

test('never two notifications of one payment in flight, and fair share: hanging shops leave slots for others', async (t) => {
  const world = await openWorld(t)
  const other = 'ssptest02m'
  await world.save({ maxAttempts: 1 })
  await world.save({ merchantId: other, maxAttempts: 1 })
  await world.save({ merchantId: 'ssptest03m', maxAttempts: 1 })
  await world.save({ merchantId: 'ssptest04m' })
  const sayOkTo =
    (prefix: string): typeof sayOk =>
    (response, notification) =>
      notification.transactionId.startsWith(prefix) ? sayOk(response, notification) : sayNothing(response, notification)
  world.shop.answerWith(sayOkTo('D'))
  world.deliver()
  const many = (prefix: string, merchantId: string) =>
    Array.from({ length: 20 }, (_, index) => [
      { transactionId: `${prefix}${index}`, sequence: 4, merchantId },
      { transactionId: `${prefix}${index}`, sequence: 5, merchantId },
    ]).flat()
  const [first, ...rest] = many('A', 'ssptest01m')
  for (const notification of [first, ...rest.splice(1, 4)]) await world.enqueue(notification ?? {})
  await world.clockwork.advance(0)
  await world.enqueue(...rest)
  await world.clockwork.advance(0)
  assert.equal(world.shop.received.length, 8)
  await world.enqueue(...many('B', other), ...many('C', 'ssptest03m'))
  await world.clockwork.advance(0)
  assert.equal(world.shop.received.length, 14)
  assert.equal(new Set(world.shop.received.map(({ transactionId }) => transactionId)).size, 14)
  await world.enqueue(...many('D', 'ssptest04m'))
  const isDelivered = async (): Promise<boolean> => (await stateOf(world, 'D9')) === 'delivered 1, delivered 1'
  await until(isDelivered, { what: 'the notifications of the shop that answers' })
  assert.equal(world.shop.received.length, 54, 'who hangs has no more than before')
  world.shop.answerWith(sayOk)
  await world.clockwork.advance(minuteMs)
  assert.equal(world.shop.received.length, 160)
})

test('an exhausted or delivered notification can be resent: same id, all attempts again', async (t) => {
  const world = await openWorld(t)
  await world.save({ intervalMinutes: 1, maxAttempts: 2 })
  world.shop.answerWith((response) => response.end('maintenance'))
  world.deliver()
  await world.enqueue({})
  await world.clockwork.advance(hourMs)
  assert.equal(await stateOf(world), 'exhausted 2')

  const sendAgain = async () => {
    assert.equal(
      await requeueNotification(world.context, { transactionId: 'PAYMENT1', sequence: 4 }, world.context.runtime.now()),
      true,
    )
    await world.clockwork.advance(hourMs)
  }
  await sendAgain()
  assert.equal(await stateOf(world), 'exhausted 2')
  world.shop.answerWith(sayOk)
  await sendAgain()
  await sendAgain()
  assert.equal(await stateOf(world), 'delivered 1')
  assert.deepEqual(new Set(world.shop.received.map(({ headers }) => headers['webhook-id'])), new Set(['PAYMENT1-4']))
  assert.equal(world.shop.received.length, 6)
})

test('without a target nothing goes out, and notifications stay as no_endpoint', async (t) => {
  const world = await openWorld(t)
  world.deliver()
  await world.enqueue({})
  await world.clockwork.advance(hourMs)
  assert.equal(await stateOf(world), 'no_endpoint 0')
  await world.save()
  await world.clockwork.advance(hourMs)
  assert.equal(world.shop.received.length, 0, 'a new target is not flooded with what is long known')
  await requeueNotification(world.context, { transactionId: 'PAYMENT1', sequence: 4 }, world.context.runtime.now())
  await world.clockwork.advance(hourMs)
  assert.equal(await stateOf(world), 'delivered 1')
})
