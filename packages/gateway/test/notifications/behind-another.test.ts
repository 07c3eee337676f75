import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultDelivery, startDelivery } from '../../src/notifications/start-delivery.ts'
import { wakeDelivery } from '../../src/notifications/wake.ts'
import type { Storage } from '../../src/storage/storage.ts'
import {
  createNotificationFixture,
  delivering,
  enqueue,
  minuteMs,
  type NotificationFixture,
  sayNothing,
} from './support.ts'

/** How many notifications a claim reads now. */
async function dueNow({ context }: NotificationFixture): Promise<number> {
  const rows = await context.storage.read(
    `select 1 from notifications where state = 'pending' and next_attempt_at <= ?1`,
    [context.runtime.now().getTime()],
  )
  return rows.length
}

test('a notification behind an earlier one of its payment is not due before that one', async (t) => {
  const world = await createNotificationFixture()
  t.after(world.close)
  await world.save({ intervalMinutes: 10, maxAttempts: 3 })
  world.shop.answerWith((response) => response.writeHead(500).end())
  world.deliver()
  await world.enqueue({ sequence: 4 }, { sequence: 5 })
  await world.clockwork.advance(minuteMs)
  await world.enqueue({ sequence: 6 })
  await world.clockwork.advance(minuteMs)
  assert.equal(await dueNow(world), 0)
  assert.deepEqual(
    world.shop.received.map(({ sequence }) => sequence),
    [4],
  )

  world.shop.answerWith((response) => response.end('OK'))
  await world.clockwork.advance(8 * minuteMs)
  assert.deepEqual(
    world.shop.received.map(({ sequence }) => sequence),
    [4, 4, 5, 6],
    'at once, when the earlier one is out of the way',
  )
})

test('a notification behind an exhausted one goes out at once', async (t) => {
  const world = await createNotificationFixture()
  t.after(world.close)
  await world.save({ intervalMinutes: 60, maxAttempts: 1 })
  world.shop.answerWith((response, { sequence }) => response.writeHead(sequence === 4 ? 500 : 200).end('OK'))
  world.deliver()
  await world.enqueue({ sequence: 4 }, { sequence: 5 })
  await world.clockwork.advance(0)
  assert.deepEqual(
    world.shop.received.map(({ sequence }) => sequence),
    [4, 5],
  )
})

test('commits do not make delivery read everything due for a hanging shop, and other shops hardly wait', async (t) => {
  const world = await createNotificationFixture()
  t.after(world.close)
  const { context, clockwork, shop } = world
  const other = 'ssptest02m'
  await world.save()
  await world.save({ merchantId: other })
  shop.answerWith((response, notification) =>
    notification.transactionId === 'OTHER' ? response.end('OK') : sayNothing(response, notification),
  )
  let transactions = 0
  let workedMs = 0
  const runtime = { ...context.runtime, now: () => new Date(context.runtime.now().getTime() + workedMs) }
  const storage: Storage = {
    ...context.storage,
    transact(work) {
      transactions++
      workedMs += 20
      return context.storage.transact(work)
    },
  }
  const stop = startDelivery(delivering({ ...context, storage, runtime }), {
    ...defaultDelivery,
    pollEveryMs: 10 * minuteMs,
  })
  t.after(stop)
  await enqueue(
    context,
    Array.from({ length: 40 }, (_, number) => ({ transactionId: `HANGS${number}` })),
  )
  wakeDelivery(storage)
  await clockwork.advance(1)
  const claimed = transactions
  for (let commit = 0; commit < 20; commit++) {
    wakeDelivery(storage)
    await clockwork.advance(1)
  }
  assert.equal(transactions, claimed, 'nothing is claimed at each commit')
  await enqueue(context, [{ transactionId: 'OTHER', merchantId: other }])
  wakeDelivery(storage)
  await clockwork.advance(200)
  assert.ok(shop.received.some(({ transactionId }) => transactionId === 'OTHER'))
})
