import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from '../../../../test/support/until.ts'
import type { NotificationTarget } from '../../src/notifications/model.ts'
import { defaultDelivery, startDelivery } from '../../src/notifications/start-delivery.ts'
import {
  claimNotifications,
  listNotifications,
  notificationsOf,
  recordAttempt,
  saveNotificationTarget,
} from '../../src/notifications/store.ts'
import { createTestContext } from '../support.ts'
import { createNotificationFixture, delivering, enqueue, startShop } from './support.ts'

test('notifications claimed by a crashed process go out when the claim expires', async (t) => {
  const world = await createNotificationFixture()
  t.after(world.close)
  const { context, clockwork, shop } = world
  await world.save()
  await world.enqueue({}, { sequence: 5 })
  const now = context.runtime.now()
  const claim = { now, until: new Date(now.getTime() + 30_000), limit: 16, except: [] }
  assert.equal((await claimNotifications(context, claim)).length, 1, 'the second waits for the first')
  assert.deepEqual(await claimNotifications(context, claim), [])

  world.deliver({ pollEveryMs: 1_000 })
  await clockwork.advance(29_000)
  assert.equal(shop.received.length, 0)
  await clockwork.advance(2_000)
  assert.deepEqual(
    (await notificationsOf(context, 'PAYMENT1')).map(({ state, attempts }) => [state, attempts]),
    [
      ['delivered', 1],
      ['delivered', 1],
    ],
  )
})

test('notifications in flight do not block others that are due', async (t) => {
  const world = await createNotificationFixture()
  t.after(world.close)
  await world.save()
  await world.enqueue({ transactionId: 'A' }, { transactionId: 'B' })
  const now = world.context.runtime.now()
  const claim = { now, until: new Date(now.getTime() + 30_000), limit: 1, except: [] }
  const claimed = [
    ...(await claimNotifications(world.context, claim)),
    ...(await claimNotifications(world.context, claim)),
  ]
  assert.deepEqual(
    claimed.map(({ transactionId }) => transactionId),
    ['A', 'B'],
  )
})

test('compare-and-set: a worker whose claim expired does not overwrite the result of the next', async (t) => {
  const world = await createNotificationFixture()
  t.after(world.close)
  const { context, clockwork } = world
  await world.save()
  await world.enqueue({})
  const claim = async () => {
    const now = context.runtime.now()
    const [claimed] = await claimNotifications(context, {
      now,
      until: new Date(now.getTime() + 30_000),
      limit: 1,
      except: [],
    })
    assert.ok(claimed)
    return claimed
  }
  const late = await claim()
  await clockwork.advance(30_000)
  const next = await claim()
  const at = context.runtime.now()
  const record = { attempts: 1, nextAttemptAt: at, deliveredAt: undefined, endedAt: at }
  assert.equal(await recordAttempt(context, late, { ...record, state: 'exhausted', result: 'timed_out' }), false)
  assert.equal(await recordAttempt(context, next, { ...record, state: 'delivered', result: 'delivered' }), true)
  assert.equal(await recordAttempt(context, late, { ...record, state: 'exhausted', result: 'timed_out' }), false)
  assert.equal((await notificationsOf(context, 'PAYMENT1'))[0]?.state, 'delivered')
})

test('three processes on one database deliver 400 notifications, each once and in order', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-test-'))
  const shop = await startShop()
  const now = { now: () => new Date() }
  const processes = await Promise.all([1, 2, 3].map(() => createTestContext({ folder, runtime: now })))
  const target: NotificationTarget = {
    merchantId: 'ssptest01m',
    url: shop.url,
    charset: 'utf-8',
    intervalMinutes: 1,
    maxAttempts: 10,
    webhookKeys: [],
  }
  const [{ context }] = processes as [(typeof processes)[0], ...typeof processes]
  await saveNotificationTarget(context, target)
  const notifications = Array.from({ length: 200 }, (_, index) => [
    { transactionId: `PAYMENT${index}`, sequence: 4 },
    { transactionId: `PAYMENT${index}`, sequence: 5 },
  ])
  const stops = processes.map((one) => startDelivery(delivering(one.context), { ...defaultDelivery, pollEveryMs: 20 }))
  t.after(async () => {
    await Promise.all(stops.map((stop) => stop()))
    await shop.close()
    await Promise.all(processes.map((one) => one.close()))
    await rm(folder, { recursive: true, force: true })
  })
  await enqueue(context, notifications.flat())
  const waiting = () => listNotifications(context, { limit: 1, state: 'pending' })
  await until(async () => (await waiting()).length === 0, { deadline: 60_000, what: 'everything is delivered' })

  const seen = shop.received.map(({ transactionId, sequence }) => `${transactionId}-${sequence}`)
  assert.equal(new Set(seen).size, 400)
  assert.equal(seen.length, 400, 'nothing twice')
  for (const [first, second] of notifications) {
    assert.ok(
      seen.indexOf(`${first?.transactionId}-4`) < seen.indexOf(`${second?.transactionId}-5`),
      first?.transactionId,
    )
  }
  const workers = processes.map(({ lines }) => lines.filter((line) => line.includes('notification_attempted')).length)
  assert.ok(workers.filter((attempts) => attempts > 0).length > 1, `several took part: ${workers}`)
})
