import assert from 'node:assert/strict'
import { test } from 'node:test'
import { approve, defineMerchant, memoryJournal } from '@sspay/merchant'
import { createQuickGateway, readTicket } from './quick-payment.ts'

test('a payment without the window is approved once and replayed', async () => {
  const gateway = await createQuickGateway()
  try {
    const ticket = readTicket(await gateway.authenticatedPayment(1004, 'quick-1'))
    const merchant = defineMerchant(gateway.merchantConfig)
    const options = { expected: { amount: 1004, orderId: 'quick-1' }, journal: memoryJournal() }
    const outcomes = [await approve(merchant, ticket, options), await approve(merchant, ticket, options)].map(
      ({ outcome }) => outcome,
    )
    assert.deepEqual(outcomes, ['approved', 'approved'])
    const entries = (await gateway.network?.entries()) ?? []
    assert.deepEqual(
      entries.map(({ amount, outcome }) => [amount, outcome]),
      [[1004, 'approved']],
    )
  } finally {
    await gateway.close()
  }
})
