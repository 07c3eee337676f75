import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { type ApprovalTicket, approve, defineMerchant, memoryJournal, readAuthentication } from '@sspay/merchant'
import { testMerchant } from '@sspay/sandbox'
import { testWebhookKey } from '../../packages/sandbox/src/test-merchant.ts'
import { until } from '../support/until.ts'
import type { Charset, Fields } from './buyer.ts'
import { assertPaidOnce, type Fixture } from './fixture.ts'
import { deliverNotification, type Notification } from './notification-gate.ts'

export function notificationContract(fixture: Fixture, charsets: readonly Charset[]): void {
  const { buyer, ledger, notifications, notificationUrl } = fixture

  /** Approved, as by a process of the shop that died before it wrote anything down. */
  const approveElsewhere = async (): Promise<{
    orderId: string
    notification: Notification
    comeBack(): Promise<string>
  }> => {
    const orderId = await buyer.placeOrder()
    const form = await buyer.openForm(orderId)
    const ticket = await buyer.authenticate(form)
    await approveAs(fixture, ticket, orderId)
    const notification = await notifications.notificationOf(orderId)
    return { orderId, notification, comeBack: async () => (await buyer.comeBack(form, ticket)).html }
  }

  for (const charset of charsets)
    test(`the service’s own notification in ${charset} marks the order paid before the buyer is back`, async (t) => {
      await fixture.sendNotificationsIn(charset)
      notifications.letThrough(true)
      t.after(() => notifications.letThrough(false))
      const { orderId, notification, comeBack } = await approveElsewhere()
      await until(() => ledger.notificationStates(orderId).includes('delivered'), {
        what: 'the notification is delivered',
      })
      assert.match(notification.headers['content-type'] ?? '', new RegExp(charset, 'i'))
      assertPaidOnce(fixture, orderId)
      assert.match(await comeBack(), /결제했어요/)
      assertPaidOnce(fixture, orderId)
    })

  if (!charsets.includes('euc-kr'))
    test('a notification in euc-kr is rejected, never half read: the gateway sends it again', async (t) => {
      await fixture.sendNotificationsIn('euc-kr')
      t.after(() => fixture.sendNotificationsIn('utf-8'))
      const { orderId, notification, comeBack } = await approveElsewhere()
      assert.equal((await deliverNotification(notificationUrl, notification)).status, 415)
      assert.equal(ledger.order(orderId).state, 'open')
      assert.match(await comeBack(), /결제했어요/)
    })

  test('the same notification three times is answered OK each time and marks the order paid once', async () => {
    const { orderId, notification } = await approveElsewhere()
    const answers = await Promise.all([
      deliverNotification(notificationUrl, notification),
      deliverNotification(notificationUrl, notification),
    ])
    answers.push(await deliverNotification(notificationUrl, notification))
    for (const { status, text } of answers) assert.deepEqual([status, /OK/.test(text)], [200, true])
    assertPaidOnce(fixture, orderId)
  })

  test('a notification after the return of the buyer is answered OK', async () => {
    const { orderId } = await buyer.pay()
    const { status, text } = await deliverNotification(notificationUrl, await notifications.notificationOf(orderId))
    assert.deepEqual([status, /OK/.test(text)], [200, true])
    assertPaidOnce(fixture, orderId)
  })

  test('a notification that is not the service’s, or not the order’s, is not answered OK; the right one is, later', async () => {
    const { orderId, notification } = await approveElsewhere()
    const changed = (changes: Fields): string =>
      String(
        new URLSearchParams([
          ...Object.entries({ ...Object.fromEntries(new URLSearchParams(notification.body)), ...changes }),
        ]),
      )
    const wrong: Readonly<Record<string, Notification>> = {
      'another body': { ...notification, body: changed({ Amt: '1' }) },
      'no signature': { ...notification, headers: { ...notification.headers, 'webhook-signature': '' } },
      'another signature': { ...notification, headers: { ...notification.headers, 'webhook-signature': 'v1,AAAA' } },
      'another SignValue': signed(notification, changed({ SignValue: 'pNd9jRfj4PvYuA5SVDoUDld7Jnc95L5bVj/FPkRwodc=' })),
      'another amount': signed(notification, changed({ Amt: '1' })),
      'another order': signed(notification, changed({ Moid: await buyer.placeOrder() })),
      'an order that is not there': signed(notification, changed({ Moid: 'no-such-order' })),
    }
    for (const [name, forged] of Object.entries(wrong)) {
      const { status, text } = await deliverNotification(notificationUrl, forged)
      assert.ok(status >= 400 && status < 500, `${name}: ${status}`)
      assert.doesNotMatch(text, /OK/, name)
    }
    assert.equal(ledger.order(orderId).state, 'open')
    assert.match((await deliverNotification(notificationUrl, notification)).text, /OK/)
    assertPaidOnce(fixture, orderId)
  })
}

/** With the key of the notifications: as only the service can. */
function signed({ headers }: Notification, body: string): Notification {
  const key = Buffer.from(testWebhookKey.replace('whsec_', ''), 'base64')
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const signature = createHmac('sha256', key).update(content).digest('base64')
  return { headers: { ...headers, 'webhook-signature': `v1,${signature}` }, body }
}

async function approveAs({ sandbox }: Fixture, ticket: Fields, orderId: string): Promise<void> {
  const { merchantId, easyPayMerchantId, merchantKey } = testMerchant
  const merchant = defineMerchant({
    merchantId,
    easyPayMerchantId,
    merchantKey: merchantKey.expose(),
    environment: { origin: sandbox.urls.gateway },
    orderSignature: 'off_and_orders_can_be_tampered_with',
  })
  const outcome = await approve(merchant, await readTicket(merchant, ticket), {
    expected: { orderId, amount: 1004 },
    journal: memoryJournal(),
  })
  assert.equal(outcome.outcome, 'approved')
}

async function readTicket(merchant: ReturnType<typeof defineMerchant>, ticket: Fields): Promise<ApprovalTicket> {
  const body = new URLSearchParams(ticket)
  const reading = await readAuthentication(merchant, new Request('http://shop.example/', { method: 'POST', body }))
  assert.ok(reading.outcome === 'authenticated')
  return reading.approvalTicket
}
