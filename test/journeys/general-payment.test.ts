import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { approve, cancel, defineMerchant, inquire, memoryJournal } from '@sspay/merchant'
import { saveNotificationTarget } from '../../packages/gateway/src/notifications/store.ts'
import { Buyer, returnedFields } from '../../packages/gateway/test/payment-window/buyer.ts'
import { generalForm } from '../../packages/gateway/test/payment-window/request-form.ts'
import { notificationDefaults } from '../../packages/sandbox/src/test-merchant.ts'
import { createQuickGateway, readTicket } from '../support/quick-payment.ts'
import { until } from '../support/until.ts'

test('a general card payment is approved, notified, inquired about and refunded like any other', async (t) => {
  const received: URLSearchParams[] = []
  const shopServer = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    received.push(new URLSearchParams(Buffer.concat(chunks).toString('utf8')))
    outgoing.end('OK')
  })
  await new Promise<void>((resolve) => shopServer.listen(0, '127.0.0.1', resolve))
  t.after(() => shopServer.close())
  await using gateway = await createQuickGateway()
  const { merchantId } = gateway.merchant
  const { port } = shopServer.address() as AddressInfo
  const target = { merchantId, url: `http://127.0.0.1:${port}/`, ...notificationDefaults, webhookKeys: [] }
  await saveNotificationTarget(gateway.context, target)

  const window = new Buyer({ app: { request: (url, init) => gateway.fetch(new Request(url, init)) } })
  const orderId = 'general-1'
  await window.open(generalForm({ amount: 10_000, orderId, requestedAt: new Date() }))
  await window.submit('terms', { agreeAll: 'Y' })
  await window.submit('issuer', { issuerCode: '06' })
  const card = { cardNumber: '9406000000000001', expiryMonth: '12', expiryYear: '2040' }
  await window.submit('card', { ...card, cardPassword: '12', ownerBirthDate: '900101' })
  await window.submit('confirm')
  const { Tid: transactionId = '', TrAuthKey: approvalTicket = '' } = returnedFields(window.page.text)

  const shop = defineMerchant(gateway.merchantConfig)
  const ticket = readTicket({ transactionId, approvalTicket })
  const expected = { amount: 10_000, orderId }
  const paid = await approve(shop, ticket, { expected, journal: memoryJournal() })
  assert.equal(paid.outcome, 'approved')
  const cardsLeft = await gateway.context.storage.read('select card_id from cards where issuer_code = ?1', ['06'])
  assert.deepEqual(cardsLeft, [], 'the card is not kept')
  assert.equal((await inquire(shop, ticket, { expected })).outcome, 'approved')

  const cancelPassword = gateway.merchant.cancelPassword.expose()
  const refund = { transactionId, amount: 10_000, sequence: 1, cancelPassword, reason: '고객 요청' }
  assert.equal((await cancel(shop, refund)).outcome, 'cancelled')
  assert.equal((await inquire(shop, ticket, { expected })).outcome, 'cancelled')
  assert.deepEqual((await gateway.network?.totals())?.get(transactionId), {
    charged: 10_000,
    cancelled: 10_000,
    reversed: 0,
  })
  await until(() => received.length === 2)
  assert.deepEqual(
    received.map((fields) => [fields.get('Tid'), fields.get('Moid'), fields.get('StateCd')]),
    [
      [transactionId, orderId, '0'],
      [transactionId, orderId, '1'],
    ],
  )
})
