import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestPayment } from '../../src/approval/request-payment.ts'
import { createTransactionNumbers, writeTransactionId } from '../../src/approval/transaction-id.ts'
import { realRuntime } from '../../src/runtime.ts'
import { createTestContext } from '../support.ts'
import { testMerchant, testRequest } from './support.ts'

test('a transaction id is merchant, method, channel, Korean time and number', () => {
  const now = new Date('2025-01-02T03:04:10+09:00')
  assert.equal(writeTransactionId('ssptest01m', now, 4338), 'ssptest01m01012501020304104338')
  assert.equal(writeTransactionId('short', now, 10_001), 'short0000001012501020304100001')
})

test('transaction ids are unique within one second, in the order of time', async () => {
  await using opened = await createTestContext()
  const { context } = opened
  const payments = await Promise.all(
    Array.from({ length: 300 }, () => requestPayment(context, { request: testRequest, merchant: testMerchant })),
  )
  const ids = payments.map(({ transactionId }) => transactionId)
  assert.equal(new Set(ids).size, 300)
  assert.ok(ids.every((id) => /^ssptest01m0101250102030405[0-9]{4}$/.test(id)))
  assert.deepEqual(ids.toSorted(), ids)
})

test('the number of a payment is its ten-thousandth of the second, the last digit drawn, and never one from before', () => {
  const numbers = createTransactionNumbers({ ...realRuntime, randomBytes: (length) => new Uint8Array(length).fill(7) })
  const at = (time: string): number => numbers.next(new Date(time))
  assert.equal(at('2025-01-02T03:04:10.123Z'), 1233)
  assert.equal(at('2025-01-02T03:04:10.123Z'), 1234)
  assert.equal(at('2025-01-02T03:04:10.100Z'), 1235, 'the clock was set back')
  assert.equal(at('2025-01-02T03:04:10.999Z'), 9993)
  assert.equal(at('2025-01-02T03:04:11.000Z'), 3)
})

test('where another gateway has been, a payment goes elsewhere in the second', async () => {
  const drawn = { randomBytes: (length: number) => new Uint8Array(length) }
  await using opened = await createTestContext({ runtime: drawn })
  const { context } = opened
  const another = { ...context, storage: { ...context.storage } }
  const numberOf = async (gateway: typeof context): Promise<string> => {
    const payment = await requestPayment(gateway, { request: testRequest, merchant: testMerchant })
    return payment.transactionId.slice(-4)
  }
  assert.equal(await numberOf(context), '0000')
  assert.equal(await numberOf(another), '0001')
  assert.equal(await numberOf(context), '0002')
})
