import assert from 'node:assert/strict'
import { type TestContext as Running, test } from 'node:test'
import { cancel } from '../../../merchant/src/index.ts'
import { resolveUnresolved } from '../../src/approval/resolve.ts'
import { eventsOf, findPayment } from '../../src/approval/store.ts'
import { approved, testMerchant } from '../approval/support.ts'
import { type BillKeyTest, createBillKeyTest } from './support.ts'

async function open(t: Running, options?: Parameters<typeof createBillKeyTest>[0]): Promise<BillKeyTest> {
  const fixture = await createBillKeyTest(options)
  t.after(() => fixture.close())
  return fixture
}

const codeOf = (outcome: Awaited<ReturnType<BillKeyTest['charge']>>) =>
  'code' in outcome ? outcome.code : JSON.stringify(outcome)

const transactionIdOf = (outcome: Awaited<ReturnType<BillKeyTest['charge']>>): string => {
  if (outcome.outcome !== 'approved') throw new Error(JSON.stringify(outcome))
  return outcome.payment.transactionId
}

test('a charge is a payment: approved, with its events, and refunded like any other', async (t) => {
  const test = await open(t)
  const billKey = await test.issue()
  const transactionId = transactionIdOf(await test.charge(billKey, { taxableAmount: 9000, vatAmount: 900 }))
  const events = await eventsOf(test.gateway, transactionId)
  assert.deepEqual(
    events.map(({ event, from, to }) => [event, from, to]),
    [
      ['chargeRequested', undefined, 'approving'],
      ['networkApproved', 'approving', 'approved'],
    ],
  )
  const { cancelPassword } = testMerchant
  const cancelledAt = '2025-01-02T03:05:00+09:00'
  test.network.answerWith(() => ({ outcome: 'cancelled', cancelledAt, cancelSequence: 1, cancelAmount: 9900 }))
  const refunded = await cancel(test.shop, {
    ...{ transactionId, amount: 9900, sequence: 1, reason: '해지' },
    cancelPassword: cancelPassword.expose(),
  })
  assert.equal(refunded.outcome, 'cancelled', JSON.stringify(refunded))
  assert.equal((await findPayment(test.gateway, transactionId))?.state, 'cancelled')
})

test('the same charge again, one after the other and at once, charges once and has one answer', async (t) => {
  const test = await open(t)
  const billKey = await test.issue()
  const outcomes = [
    await test.charge(billKey),
    ...(await Promise.all(Array.from({ length: 20 }, () => test.charge(billKey)))),
  ]
  assert.equal(new Set(outcomes.map(transactionIdOf)).size, 1)
  assert.equal(test.authorizations(), 1)
})

test('another amount under the same order number is rejected; another order and another key are charged', async (t) => {
  const test = await open(t)
  const billKey = await test.issue()
  transactionIdOf(await test.charge(billKey))
  const other = await test.charge(billKey, { amount: 10_000 })
  assert.equal(codeOf(other), 'S608')
  transactionIdOf(await test.charge(billKey, { orderId: 'CYCLE-2', amount: 10_000 }))
  transactionIdOf(await test.charge(await test.issue({ orderId: 'REG-2' }), { amount: 10_000 }))
  assert.equal(test.authorizations(), 3)
})

test('concurrent charges of one order with two amounts charge one of them', async (t) => {
  const test = await open(t)
  const billKey = await test.issue()
  const outcomes = await Promise.all([9_900, 10_000, 9_900, 10_000].map((amount) => test.charge(billKey, { amount })))
  assert.equal(test.authorizations(), 1)
  assert.deepEqual(outcomes.map(({ outcome }) => outcome).sort(), ['approved', 'approved', 'unknown', 'unknown'])
})

test('a declined charge stays declined under its order number', async (t) => {
  const test = await open(t)
  const billKey = await test.issue()
  test.network.answerWith(() => ({ outcome: 'declined', reason: 'balance_insufficient' }))
  assert.equal((await test.charge(billKey)).outcome, 'declined')
  test.network.answerWith(() => approved)
  assert.equal((await test.charge(billKey)).outcome, 'declined')
  assert.equal(test.authorizations(), 1)
  transactionIdOf(await test.charge(billKey, { orderId: 'CYCLE-1-2' }))
})

test('silence is unknown to the shop, and is inquired about and answered as it ended', async (t) => {
  const test = await open(t)
  const billKey = await test.issue()
  test.network.answerWith((verb) => (verb === 'authorize' ? undefined : approved))
  assert.equal((await test.charge(billKey)).outcome, 'unknown')
  await resolveUnresolved(test.gateway)
  transactionIdOf(await test.charge(billKey))
  assert.equal(test.authorizations(), 1)
})

test('what the network does not know is reversed, and the same order is never charged', async (t) => {
  const test = await open(t)
  const billKey = await test.issue()
  test.network.answerWith((verb) => {
    if (verb === 'authorize') return undefined
    return verb === 'inquire' ? { outcome: 'unknown_to_network' } : { outcome: 'reversed' }
  })
  assert.equal((await test.charge(billKey)).outcome, 'unknown')
  await resolveUnresolved(test.gateway)
  const again = await test.charge(billKey)
  assert.equal(again.outcome, 'declined', JSON.stringify(again))
  assert.equal(test.authorizations(), 1)
})

test('a key that does not exist, and one of another merchant, are one answer', async (t) => {
  const test = await open(t)
  const unknown = await test.charge('BTK0000000000000001')
  assert.equal(codeOf(unknown), 'S601')
})

test('a merchant without a contract, one that takes no payments, an amount too small and parts that do not add up', async (t) => {
  const without = await open(t, { merchant: { billKeys: undefined } })
  assert.equal(codeOf(await without.charge('BTK0000000000000001')), 'S609')
  const test = await open(t)
  const billKey = await test.issue()
  assert.notEqual((await test.charge(billKey, { amount: 50 })).outcome, 'approved')
  assert.notEqual((await test.charge(billKey, { taxableAmount: 1, vatAmount: 2 })).outcome, 'approved')
  assert.notEqual((await test.charge(billKey, { installmentMonths: 3 })).outcome, 'approved')
  assert.equal(test.authorizations(), 0)
})
