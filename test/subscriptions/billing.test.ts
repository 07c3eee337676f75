import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runBilling } from '../../examples/subscriptions/billing.ts'
import { cancelSubscription } from '../../examples/subscriptions/cards.ts'
import {
  endSubscription,
  listCardsExpiringIn,
  pauseSubscription,
  replaceCard,
  resumeSubscription,
} from '../../examples/subscriptions/subscriptions.ts'
import { amount, chargedAmount, openTestShop } from './open-test-shop.ts'

test('each month is charged once, on its day', async () => {
  const shop = openTestShop()
  const id = shop.subscribe('2026-01-31')
  const reports = await shop.runUntil('2026-01-30', '2026-04-01')
  const days = reports.flatMap(({ paid }, index) => (paid.length > 0 ? [index] : []))
  assert.deepEqual(days, [1, 29, 60])
  assert.deepEqual(shop.paidCycles(id), [0, 1, 2])
  assert.equal(chargedAmount(shop), 3 * amount)
})

test('a cron job that runs twice, at once, or days late charges each cycle once', async () => {
  const shop = openTestShop()
  const id = shop.subscribe('2026-01-31')
  await Promise.all([runBilling(shop, '2026-01-31'), runBilling(shop, '2026-01-31')])
  await runBilling(shop, '2026-01-31')
  assert.equal(chargedAmount(shop), amount)
  const { paid } = await runBilling(shop, '2026-04-15')
  assert.deepEqual(paid, [id, id])
  assert.deepEqual(shop.paidCycles(id), [0, 1, 2])
  assert.equal(chargedAmount(shop), 3 * amount)
})

test('a lost answer is found out by the next run, or by the recovery', async () => {
  for (const fault of ['request_lost', 'answer_lost'] as const)
    for (const next of ['run', 'recover'] as const) {
      const shop = openTestShop()
      const id = shop.subscribe('2026-01-31')
      shop.gateway.faults.push(fault)
      assert.deepEqual((await runBilling(shop, '2026-01-31')).unknown, [id])
      await (next === 'run' ? runBilling(shop, '2026-02-01') : shop.recover('2026-02-01'))
      assert.deepEqual([shop.paidCycles(id), chargedAmount(shop)], [[0], amount], `${fault} ${next}`)
      assert.equal(shop.find(id).dueOn, '2026-02-28')
    }
})

test('a declined cycle is tried again by the schedule, and the next one keeps its day', async () => {
  const shop = openTestShop()
  const id = shop.subscribe('2026-01-10')
  shop.gateway.declines = 'balance_insufficient'
  await shop.runUntil('2026-01-10', '2026-01-12')
  assert.deepEqual([shop.find(id).attempt, shop.find(id).dueOn], [3, '2026-01-14'])
  shop.gateway.declines = undefined
  await shop.runUntil('2026-01-13', '2026-01-14')
  assert.deepEqual([shop.paidCycles(id), shop.find(id).dueOn], [[0], '2026-02-10'])
})

test('a subscription ends after its last attempt, and is charged no more', async () => {
  const shop = openTestShop()
  const id = shop.subscribe('2026-01-10')
  shop.gateway.declines = 'balance_insufficient'
  await shop.runUntil('2026-01-10', '2026-01-31')
  assert.equal(shop.find(id).state, 'ended')
  assert.equal(shop.gateway.requests.length, 4)
  shop.gateway.declines = undefined
  await shop.runUntil('2026-02-01', '2026-03-01')
  assert.equal(chargedAmount(shop), 0)
})

test('a crash before the decline is recorded counts it once', async () => {
  const shop = openTestShop()
  const id = shop.subscribe('2026-01-10')
  shop.gateway.declines = 'balance_insufficient'
  await Promise.all([runBilling(shop, '2026-01-10'), runBilling(shop, '2026-01-10')])
  assert.equal(shop.find(id).attempt, 2)
})

test('a wrong setting of the shop is no attempt of the customer', async () => {
  const shop = openTestShop()
  const id = shop.subscribe('2026-01-10')
  shop.gateway.declines = 'merchant_unknown'
  const { failed } = await runBilling(shop, '2026-01-10')
  assert.match(String(failed[0]?.reason), /^S005 /)
  assert.deepEqual([shop.find(id).attempt, shop.find(id).state], [1, 'active'])
})

test('an expired card is not charged; a new card is, the same day', async () => {
  const shop = openTestShop()
  const id = shop.subscribe('2026-01-31', { cardExpiry: '2602' })
  assert.deepEqual(
    listCardsExpiringIn(shop.db, '2602').map(({ subscriptionId }) => subscriptionId),
    [id],
  )
  await shop.runUntil('2026-01-31', '2026-03-31')
  assert.deepEqual(shop.paidCycles(id), [0, 1])
  assert.equal(shop.gateway.requests.length, 2)
  const billKey = shop.encryption.encrypt('BTK-new', id)
  replaceCard(shop.db, id, { billKey, cardExpiry: '2902', today: '2026-03-31' })
  await runBilling(shop, '2026-03-31')
  assert.deepEqual([shop.paidCycles(id), shop.find(id).dueOn], [[0, 1, 2], '2026-04-30'])
})

test('a key that ended with its member asks for a new card', async () => {
  const shop = openTestShop()
  const id = shop.subscribe('2026-01-10')
  shop.gateway.declines = 'bill_key_ended'
  await shop.runUntil('2026-01-10', '2026-01-11')
  assert.equal(shop.find(id).billKey, null)
  assert.equal(shop.gateway.requests.length, 1)
})

test('a new card does not charge a cycle again whose answer is lost', async () => {
  const shop = openTestShop()
  const id = shop.subscribe('2026-01-10')
  shop.gateway.faults.push('answer_lost')
  await runBilling(shop, '2026-01-10')
  replaceCard(shop.db, id, { billKey: shop.encryption.encrypt('BTK-new', id), cardExpiry: null, today: '2026-01-11' })
  assert.deepEqual((await runBilling(shop, '2026-01-11')).unknown, [id])
  replaceCard(shop.db, id, { billKey: shop.encryption.encrypt('BTK-new', id), cardExpiry: '2512', today: '2026-01-12' })
  assert.deepEqual((await runBilling(shop, '2026-01-12')).unknown, [id])
  await shop.recover('2026-01-12')
  assert.deepEqual([shop.paidCycles(id), chargedAmount(shop)], [[0], amount])
})

test('what falls due during a pause is not charged, and the day stays', async () => {
  const shop = openTestShop()
  const id = shop.subscribe('2026-01-31')
  await shop.runUntil('2026-01-31', '2026-02-01')
  pauseSubscription(shop.db, id)
  await shop.runUntil('2026-02-02', '2026-04-05')
  resumeSubscription(shop.db, id, '2026-04-05')
  await shop.runUntil('2026-04-05', '2026-06-01')
  assert.deepEqual(shop.paidCycles(id), [0, 3, 4])
})

test('a charge whose subscription ended before its answer was known is refunded', async () => {
  const shop = openTestShop()
  const id = shop.subscribe('2026-01-10')
  shop.gateway.faults.push('answer_lost')
  await runBilling(shop, '2026-01-10')
  endSubscription(shop.db, id)
  await shop.recover('2026-01-11')
  assert.deepEqual([shop.paidCycles(id), chargedAmount(shop)], [[], 0])
})

test('the end of a subscription deletes its key, and asks again when the answer is lost', async () => {
  const shop = openTestShop()
  const id = shop.subscribe('2026-01-10')
  shop.gateway.faults.push('answer_lost')
  assert.equal(await cancelSubscription(shop, id), false)
  assert.equal(await cancelSubscription(shop, id), true)
  assert.deepEqual([shop.find(id).state, shop.find(id).billKey], ['ended', null])
  await shop.runUntil('2026-01-10', '2026-03-01')
  assert.equal(chargedAmount(shop), 0)
})
