import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { approve, type Cancellation, cancel, defineMerchant, inquire, memoryJournal } from '@sspay/merchant'
import { createQuickGateway, type QuickGateway, readTicket } from '../support/quick-payment.ts'

let gateway: QuickGateway

before(async () => {
  gateway = await createQuickGateway()
})
after(() => gateway.close())

const shop = () => defineMerchant(gateway.merchantConfig)

async function paidOrder(orderId: string, amount: number) {
  const ticket = readTicket(await gateway.authenticatedPayment(amount, orderId))
  const expected = { amount, orderId }
  const outcome = await approve(shop(), ticket, { expected, journal: memoryJournal() })
  assert.equal(outcome.outcome, 'approved')
  return { ticket, expected, transactionId: ticket.transactionId }
}

const refund = (transactionId: string, changes: Partial<Cancellation>) =>
  cancel(shop(), {
    transactionId,
    amount: 10_000,
    sequence: 1,
    cancelPassword: gateway.merchant.cancelPassword.expose(),
    reason: '고객 요청',
    ...changes,
  })

const ledgerOf = async (transactionId: string) => (await gateway.network?.totals())?.get(transactionId)

test('a shop refunds an order in full; the issuers, the inquiry and a repeat say the same', async () => {
  const { ticket, expected, transactionId } = await paidOrder('full', 10_000)
  const refunded = await refund(transactionId, {})
  assert.equal(refunded.outcome, 'cancelled')
  assert.deepEqual(await refund(transactionId, {}), refunded)
  assert.deepEqual(await ledgerOf(transactionId), { charged: 10_000, cancelled: 10_000, reversed: 0 })
  assert.equal((await inquire(shop(), ticket, { expected })).outcome, 'cancelled')
})

test('a shop refunds in parts until nothing is left, and not one won more', async () => {
  const { ticket, expected, transactionId } = await paidOrder('parts', 10_000)
  for (const [sequence, amount] of [
    [1, 2500],
    [2, 7499],
  ] as const) {
    const refunded = await refund(transactionId, { sequence, amount, isPartial: true })
    assert.equal(refunded.outcome, 'cancelled')
  }
  assert.equal((await inquire(shop(), ticket, { expected })).outcome, 'approved')
  const tooMuch = await refund(transactionId, { sequence: 3, amount: 2, isPartial: true })
  assert.equal(tooMuch.outcome === 'rejected' && tooMuch.reason, 'cancel_exceeds_rest')
  assert.equal((await refund(transactionId, { sequence: 3, amount: 1, isPartial: true })).outcome, 'cancelled')
  assert.deepEqual(await ledgerOf(transactionId), { charged: 10_000, cancelled: 10_000, reversed: 0 })
  assert.equal((await inquire(shop(), ticket, { expected })).outcome, 'cancelled')
})

test('two clerks who refund the same order at once refund it once', async () => {
  const { transactionId } = await paidOrder('twice', 10_000)
  const outcomes = await Promise.all([refund(transactionId, {}), refund(transactionId, { sequence: 2 })])
  assert.deepEqual(outcomes.map(({ outcome }) => outcome).sort(), ['cancelled', 'rejected'])
  assert.deepEqual(await ledgerOf(transactionId), { charged: 10_000, cancelled: 10_000, reversed: 0 })
})
