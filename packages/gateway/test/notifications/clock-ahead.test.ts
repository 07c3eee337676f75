import assert from 'node:assert/strict'
import { test } from 'node:test'
import { claimNotifications, nextNotification, notificationsOf } from '../../src/notifications/store.ts'
import { createNotificationFixture, hourMs, minuteMs } from './support.ts'

const dayMs = 24 * hourMs

test('a notification enqueued by a clock that ran a day ahead goes out now', async (t) => {
  const world = await createNotificationFixture()
  t.after(world.close)
  await world.save()
  await world.enqueue({ enqueuedAt: new Date(world.context.runtime.now().getTime() + dayMs) })
  world.deliver()
  await world.clockwork.advance(0)
  assert.equal(world.shop.received.length, 1)
  assert.equal((await notificationsOf(world.context, 'PAYMENT1'))[0]?.state, 'delivered')
})

test('an attempt within the longest interval is not moved forward', async (t) => {
  const world = await createNotificationFixture()
  t.after(world.close)
  await world.save({ intervalMinutes: 60 })
  world.shop.answerWith((response) => response.writeHead(500).end())
  world.deliver()
  await world.enqueue({})
  await world.clockwork.advance(hourMs - 1)
  assert.equal(world.shop.received.length, 1)
  await world.clockwork.advance(1)
  assert.equal(world.shop.received.length, 2)
})

test('the claim of a crashed process whose clock ran ahead is ignored', async (t) => {
  const world = await createNotificationFixture()
  t.after(world.close)
  const { context } = world
  await world.save()
  await world.enqueue({})
  const now = context.runtime.now()
  const ahead = (durationMs: number) => new Date(now.getTime() + durationMs)
  const claim = { limit: 8, except: [] }
  assert.equal(
    (await claimNotifications(context, { ...claim, now: ahead(dayMs), until: ahead(dayMs + 30_000) })).length,
    1,
  )
  assert.equal((await nextNotification(context, now)).isDue, true)
  assert.equal((await claimNotifications(context, { ...claim, now, until: ahead(30_000) })).length, 1)
  assert.equal((await nextNotification(context, ahead(1))).isDue, false, 'a claim of this time holds')
  assert.equal(
    (await claimNotifications(context, { ...claim, now: ahead(minuteMs / 6), until: ahead(minuteMs) })).length,
    0,
  )
})
