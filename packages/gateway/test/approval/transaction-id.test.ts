import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestPayment } from '../../src/approval/request-payment.ts'
import { writeTransactionId } from '../../src/approval/transaction-id.ts'
import { createTestContext } from '../support.ts'
import { testMerchant, testRequest } from './support.ts'

test('a transaction id is merchant, method, channel, Korean time and number', () => {
  const now = new Date('2025-01-02T03:04:10+09:00')
  assert.equal(writeTransactionId('ssptest01m', now, 4338), 'ssptest01m01012501020304104338')
  assert.equal(writeTransactionId('short', now, 10_001), 'short0000001012501020304100001')
})

test('transaction ids are unique within one second, although their first number is random', async () => {
  const { context, close } = await createTestContext()
  const payments = await Promise.all(
    Array.from({ length: 300 }, () => requestPayment(context, { request: testRequest, merchant: testMerchant })),
  )
  const ids = payments.map(({ transactionId }) => transactionId)
  assert.equal(new Set(ids).size, 300)
  assert.ok(ids.every((id) => /^ssptest01m0101250102030405[0-9]{4}$/.test(id)))
  await close()
})

test('a taken number is skipped', async () => {
  const zeros = { randomBytes: (length: number) => new Uint8Array(length) }
  const { context, close } = await createTestContext({ runtime: zeros })
  for (const number of ['0000', '0001', '0002']) {
    const payment = await requestPayment(context, { request: testRequest, merchant: testMerchant })
    assert.equal(payment.transactionId.slice(-4), number)
  }
  await close()
})
