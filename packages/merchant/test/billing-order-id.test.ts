import assert from 'node:assert/strict'
import { test } from 'node:test'
import { billKeyChargeRequest } from '@sspay/protocol'
import fc from 'fast-check'
import { billingOrderId } from '../src/index.ts'

const part = fc.string({ unit: 'grapheme' })

test('an order number for any subscription and cycle, which Moid accepts', () => {
  fc.assert(
    fc.property(part, part, fc.integer({ min: 1 }), (subscriptionId, cycle, attempt) => {
      const orderId = billingOrderId(subscriptionId, cycle, attempt)
      assert.equal(billKeyChargeRequest.Moid.format.read(orderId), orderId)
      assert.equal(orderId.length, 37)
      assert.equal(billingOrderId(subscriptionId, cycle, attempt), orderId)
    }),
  )
})

test('differs with subscription, cycle and attempt, however they are joined', () => {
  const ids = [
    billingOrderId('s1', '2026-03'),
    billingOrderId('s1', '2026-04'),
    billingOrderId('s2', '2026-03'),
    billingOrderId('s12', '026-03'),
    billingOrderId('s1', '2026-03', 2),
    billingOrderId('s1","2026-03', ''),
  ]
  assert.equal(new Set(ids).size, ids.length)
  assert.equal(billingOrderId('s1', '2026-03', 1), ids[0])
})
