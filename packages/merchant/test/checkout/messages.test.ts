import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resultCodes, type WireText } from '@sspay/protocol'
import { encodeForm } from '@sspay/protocol/charset'
import { type CheckoutRejection, MerchantEnvironmentError, readCheckoutConfig, sqliteJournal } from '../../src/index.ts'
import { answeringWith, nobody } from '../loopback.ts'
import { approvedAnswer, config, expected, merchantKey, transactionId } from '../samples.ts'
import { aborted, openShop, posted, returned, type TestShop } from './shop.ts'

const secondId = transactionId.replace('338', '339')

const notificationFields = (changes: WireText = {}): WireText => ({
  ...JSON.parse(approvedAnswer()),
  StateCd: '0',
  ...changes,
})

function notification(changes: WireText = {}, charset: 'utf-8' | 'euc-kr' = 'utf-8'): Request {
  return new Request('http://10.0.0.1:8080/pay/notice', {
    method: 'POST',
    body: encodeForm(notificationFields(changes), charset),
    headers: { 'content-type': `application/x-www-form-urlencoded; charset=${charset}` },
  })
}

for (const charset of ['utf-8', 'euc-kr'] as const)
  test(`a notification in ${charset} marks the order paid once and is answered OK each time`, async (t) => {
    const shop = openShop(t, await nobody())
    for (const _ of [1, 2, 3]) {
      const answer = await shop.checkout.fetch(notification({}, charset))
      assert.equal(answer.status, 200)
      assert.equal(await answer.text(), 'OK')
    }
    assert.equal(shop.timesMarkedPaid(), 1)
    assert.deepEqual(shop.errors, [])
  })

const rejected: readonly (readonly [name: string, changes: WireText, status: number])[] = [
  ['another amount', { Amt: '1005' }, 409],
  ['an order that is not there', { Moid: 'ORD0002' }, 409],
  ['a wrong signature', { SignValue: 'AAAA' }, 400],
  ['another merchant', { Mid: 'moonshop1m' }, 400],
]

for (const [name, changes, status] of rejected)
  test(`a notification about ${name} marks nothing paid and is not answered OK`, async (t) => {
    const shop = openShop(t, await nobody())
    const answer = await shop.checkout.fetch(notification(changes))
    assert.equal(answer.status, status)
    assert.doesNotMatch(await answer.text(), /OK/)
    assert.equal(shop.timesMarkedPaid(), 0)
    assert.equal(shop.errors[0]?.during, 'notification')
  })

test('the error of an unreadable notification names its wrong fields, and no value', async (t) => {
  const shop = openShop(t, await nobody())
  const answer = await shop.checkout.fetch(notification({ Amt: '1,004원', StateCd: '9' }))
  assert.equal(answer.status, 400)
  assert.equal(shop.errors[0]?.problem, 'A notification was rejected: fields_wrong (Amt malformed, StateCd malformed).')
})

test('the error of a notification without its order names the field', async (t) => {
  const shop = openShop(t, await nobody())
  const { Moid: _, ...lacking } = notificationFields()
  await shop.checkout.fetch(posted('/notice', lacking as Record<string, string>))
  assert.equal(shop.errors[0]?.problem, 'A notification was rejected: fields_wrong (Moid missing).')
})

test('a notification that the shop cannot store is not answered OK', async (t) => {
  const markOrderPaid = (): boolean => {
    throw new Error('disk full')
  }
  const shop = openShop(t, await nobody(), { markOrderPaid })
  const answer = await shop.checkout.fetch(notification())
  assert.equal(answer.status, 500)
  assert.doesNotMatch(await answer.text(), /OK|disk/)
})

test('a cancelled payment is reported to the shop', async (t) => {
  const reported: unknown[] = []
  const shop = openShop(t, await nobody(), { onCancelled: ({ paymentState }) => void reported.push(paymentState) })
  shop.setState('paid')
  assert.equal((await shop.checkout.fetch(notification({ StateCd: '2' }))).status, 200)
  assert.deepEqual(reported, ['cancelled_after_capture'])
})

const stateOf = (shop: TestShop): unknown =>
  shop.database.prepare('select state from sspay_journal where transaction_id = ?').get(transactionId)?.state

test('after a full refund an order that is open again can be paid, and its old payment never pays it', async (t) => {
  const shop = openShop(t, await answeringWith(t, { body: approvedAnswer({ Tid: secondId, SignValue: undefined }) }))
  await shop.checkout.fetch(notification())
  await shop.checkout.fetch(notification({ StateCd: '2', CancelAmt: '1004' }))
  assert.equal(stateOf(shop), 'cancelled')
  shop.setState('open')
  assert.equal(await (await shop.checkout.fetch(notification())).text(), 'OK')
  assert.equal(shop.timesMarkedPaid(), 1)
  await shop.checkout.fetch(returned({ Tid: secondId }))
  assert.deepEqual(shop.results.at(-1), { outcome: 'paid', orderId: 'ORD0001' })
  assert.equal(shop.timesMarkedPaid(), 2)
})

const refunds: readonly (readonly [name: string, changes: WireText, state: string])[] = [
  ['of a part', { StateCd: '1', CancelAmt: '1003' }, 'paid'],
  ['of all of it', { StateCd: '1', CancelAmt: '1004' }, 'cancelled'],
  ['without an amount', { StateCd: '1' }, 'cancelled'],
]
for (const [name, changes, state] of refunds)
  test(`a refund ${name} leaves the payment ${state} in the journal`, async (t) => {
    const shop = openShop(t, await nobody())
    await shop.checkout.fetch(notification())
    assert.equal(await (await shop.checkout.fetch(notification(changes))).text(), 'OK')
    assert.equal(stateOf(shop), state)
  })

test('a refund of a payment that is open in the journal bars it, and the recovery closes it', async (t) => {
  const refunded = { ResultCode: resultCodes.already_cancelled.code, StateCd: '1', SignValue: undefined }
  const shop = openShop(t, await answeringWith(t, { body: approvedAnswer(refunded) }))
  const entry = { transactionId, approvalTicket: 'a'.repeat(64), expected, begunAt: new Date(0) }
  await sqliteJournal(shop.database).begin(entry)
  await shop.checkout.fetch(notification({ StateCd: '1' }))
  await shop.checkout.fetch(notification())
  assert.equal(shop.timesMarkedPaid(), 0)
  assert.equal(stateOf(shop), 'approved_abandoned')
  assert.equal((await shop.checkout.recover()).cancelled.length, 1)
  assert.equal(stateOf(shop), 'cancelled')
})

test('a refund is in the journal before it is reported, and is not answered OK while the shop cannot store it', async (t) => {
  const seen: unknown[] = []
  const onCancelled = (): void => {
    seen.push(stateOf(shop))
    throw new Error('disk full')
  }
  const shop = openShop(t, await nobody(), { onCancelled })
  await shop.checkout.fetch(notification())
  const answer = await shop.checkout.fetch(notification({ StateCd: '2', CancelAmt: '1004' }))
  assert.equal(answer.status, 500)
  assert.deepEqual(seen, ['cancelled'])
})

test('a refund that the journal cannot write down comes again', async (t) => {
  const shop = openShop(t, await nobody())
  await shop.checkout.fetch(notification())
  shop.database.exec('drop table sspay_journal')
  assert.equal((await shop.checkout.fetch(notification({ StateCd: '2', CancelAmt: '1004' }))).status, 500)
})

test('a refund is recorded also when the order has another amount by now', async (t) => {
  const shop = openShop(t, await nobody())
  await shop.checkout.fetch(notification())
  shop.setAmount(2008)
  assert.equal((await shop.checkout.fetch(notification({ StateCd: '2', CancelAmt: '1004' }))).status, 200)
  assert.equal(stateOf(shop), 'cancelled')
})

test('an abort by the buyer is reported to the shop, and a paid order stays paid', async (t) => {
  const reported: CheckoutRejection[] = []
  const shop = openShop(t, await nobody(), { onAborted: (stop) => void reported.push(stop) })
  await shop.checkout.fetch(aborted())
  await shop.checkout.fetch(aborted({ Moid: 'ORD0002' }))
  await shop.checkout.fetch(aborted({ ResultCode: '' }))
  shop.setState('paid')
  await shop.checkout.fetch(aborted())
  assert.deepEqual(
    shop.results.map(({ outcome }) => outcome),
    ['aborted', 'aborted', 'aborted', 'paid'],
  )
  assert.deepEqual(
    reported.map(({ orderId, code }) => [orderId, code]),
    [['ORD0001', resultCodes.buyer_aborted.code]],
  )
})

const recoveryKey = 'recovery-key-recovery-key-recovery-key'
const recovering = (authorization: string): Request =>
  new Request('https://10.0.0.1/pay/recover', { method: 'POST', headers: { authorization } })

test('a scheduler with the key recovers, anybody else finds nothing there', async (t) => {
  const gateway = await answeringWith(t, { body: approvedAnswer() })
  const shop = openShop(t, gateway, { recoveryKey })
  for (const header of ['', 'Bearer ', `Bearer ${recoveryKey}x`, `Basic ${recoveryKey}`])
    assert.equal((await shop.checkout.fetch(recovering(header))).status, 404, header)
  const answer = await shop.checkout.fetch(recovering(`Bearer ${recoveryKey}`))
  assert.deepEqual(await answer.json(), { approved: 0, declined: 0, cancelled: 0, pending: [] })
  const without = openShop(t, gateway)
  assert.equal((await without.checkout.fetch(recovering('Bearer '))).status, 404)
})

const variables = {
  SSPAY_MERCHANT_ID: config.merchantId,
  SSPAY_EASY_PAY_MERCHANT_ID: config.easyPayMerchantId,
  SSPAY_MERCHANT_KEY: merchantKey,
  SSPAY_ENVIRONMENT: 'http://localhost:4610',
  SSPAY_ORDER_SIGNING_KEYS: 'signing-key-canary-signing-key-canary',
  SSPAY_CHECKOUT_URL: 'http://localhost:3000/pay',
}

test('an environment makes the configuration of a checkout', () => {
  const { merchant, ...rest } = readCheckoutConfig(variables)
  assert.equal(merchant.merchantId, config.merchantId)
  assert.deepEqual(rest, { url: variables.SSPAY_CHECKOUT_URL })
  const optional = {
    SSPAY_CANCEL_PASSWORD: '123456',
    SSPAY_WEBHOOK_KEYS: 'whsec_a, whsec_b',
    SSPAY_RECOVERY_KEY: recoveryKey,
  }
  const { merchant: _, ...all } = readCheckoutConfig({ ...variables, ...optional })
  assert.deepEqual(all, {
    url: variables.SSPAY_CHECKOUT_URL,
    cancelPassword: '123456',
    webhookKeys: ['whsec_a', 'whsec_b'],
    recoveryKey,
  })
})

test('a sandbox on the network of a phone is given by its two addresses', () => {
  const { merchant, url } = readCheckoutConfig({
    ...variables,
    SSPAY_WINDOW_ORIGIN: 'http://192.168.0.5:4610',
    SSPAY_CHECKOUT_URL: 'http://192.168.0.5:3000/pay',
  })
  assert.equal(url, 'http://192.168.0.5:3000/pay')
  assert.deepEqual(merchant.environment, { origin: 'http://localhost:4610', windowOrigin: 'http://192.168.0.5:4610' })
})

const wrong: readonly (readonly [variable: string, value: string | undefined])[] = [
  ['SSPAY_CHECKOUT_URL', undefined],
  ['SSPAY_CHECKOUT_URL', 'http://canary.example/pay'],
  ['SSPAY_CHECKOUT_URL', '/canary'],
  ['SSPAY_CHECKOUT_URL', 'http://192.168.0.5:3000/canary'],
  ['SSPAY_CANCEL_PASSWORD', 'canary'],
  ['SSPAY_WEBHOOK_KEYS', 'canary'],
  ['SSPAY_RECOVERY_KEY', 'canary'],
]

for (const [variable, value] of wrong)
  test(`${variable} is named beside what else is wrong, and not shown: ${value}`, () => {
    assert.throws(
      () => readCheckoutConfig({ ...variables, SSPAY_MERCHANT_ID: 'canary', [variable]: value }),
      (error) => {
        assert.ok(error instanceof MerchantEnvironmentError)
        assert.deepEqual(error.variables, ['SSPAY_MERCHANT_ID', variable])
        assert.match(error.message, /[가-힣].* \/ .*[a-z]/)
        return !/canary/.test(error.message)
      },
    )
  })
