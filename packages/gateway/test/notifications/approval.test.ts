import assert from 'node:assert/strict'
import { test } from 'node:test'
import { notification, readMessage } from '@sspay/protocol'
import { decodeForm } from '@sspay/protocol/charset'
import { signResult } from '@sspay/protocol/signature'
import { until } from '../../../../test/support/until.ts'
import { approve } from '../../src/approval/approve.ts'
import { startDelivery } from '../../src/notifications/start-delivery.ts'
import { saveNotificationTarget } from '../../src/notifications/store.ts'
import { authenticatedPayment, createApprovalTest, testMerchant } from '../approval/support.ts'
import { delivering, startShop } from './support.ts'

/** Long: until delivery looks by itself. */
const pollEveryMs = 10 * 60_000

test('the commit of an approval sends its notification at once, with the signed answer', async (t) => {
  const test = await createApprovalTest()
  const shop = await startShop()
  await saveNotificationTarget(test.gateway, {
    merchantId: testMerchant.merchantId,
    url: shop.url,
    charset: 'euc-kr',
    intervalMinutes: 1,
    maxAttempts: 1,
    webhookKeys: [],
  })
  const stop = startDelivery(delivering(test.gateway), { maxInFlight: 16, pollEveryMs })
  t.after(async () => {
    await stop()
    await shop.close()
    await test.close()
  })

  const { transactionId, approvalTicket } = await authenticatedPayment(test.gateway)
  const answer: Record<string, string> = JSON.parse(await approve(test.gateway, { transactionId, approvalTicket }))
  await until(() => shop.received.length > 0, { what: 'a notification' })

  const { fields } = decodeForm(Buffer.from(shop.received[0]?.body ?? ''), 'euc-kr')
  const read = readMessage(notification, fields)
  assert.ok(read.ok)
  assert.equal(read.value.paymentState, '0')
  const { transactionId: notified = '', resultCode = '', signature } = read.value
  assert.equal(notified, transactionId)
  assert.equal(signature, signResult({ transactionId, resultCode }, testMerchant.merchantKey.expose()))
  const { StateCd, ...same } = fields
  assert.equal(StateCd, '0')
  assert.deepEqual({ ...same }, Object.fromEntries(Object.entries(answer).filter(([name]) => name in same)))
})
