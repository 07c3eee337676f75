import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMerchants } from '../../src/merchants-file.ts'

const merchant = {
  merchantId: 'ssptest01m',
  easyPayMerchantId: 'SSPTEST00p',
  name: '테스트 상점',
  merchantKey: 'k'.repeat(64),
  cancelPassword: '123456',
  acquirerMerchantNumber: '00950000001',
  allowedOrigins: ['https://shop.example'],
}
const url = 'https://shop.example/notify'
const key = `whsec_${'A'.repeat(43)}=`

const readOne = (entry: unknown) => readMerchants('merchants.json', JSON.stringify([entry]))[0]

const read = (notification: unknown) => readOne({ ...merchant, notification })?.notificationTarget

test('a merchant configures its notification URL; everything else has defaults', () => {
  assert.equal(read(undefined), undefined)
  assert.deepEqual(read({ url }), {
    merchantId: 'ssptest01m',
    url,
    charset: 'utf-8',
    fieldNames: 'current',
    intervalMinutes: 10,
    maxAttempts: 10,
    webhookKeys: [],
  })
  const target = read({
    url,
    charset: 'euc-kr',
    fieldNames: 'legacy',
    intervalMinutes: 1,
    maxAttempts: 2,
    webhookKeys: [key],
  })
  assert.deepEqual(
    { ...target, webhookKeys: target?.webhookKeys.map((one) => one.expose()) },
    {
      merchantId: 'ssptest01m',
      url,
      charset: 'euc-kr',
      fieldNames: 'legacy',
      intervalMinutes: 1,
      maxAttempts: 2,
      webhookKeys: [key],
    },
  )
})

const faults: readonly (readonly [notification: unknown, problem: string])[] = [
  ['https://shop.example/notify', 'notification'],
  [null, 'notification'],
  [{}, 'notification.url'],
  [{ url: 1 }, 'notification.url'],
  [{ url: 'ftp://shop.example/' }, 'notification.url'],
  [{ url, charset: 'latin1' }, 'notification.charset'],
  [{ url, intervalMinutes: 61 }, 'notification.interval_minutes'],
  [{ url, maxAttempts: '3' }, 'notification.max_attempts'],
  [{ url, fieldNames: 'old' }, 'notification.field_names'],
  [{ url, webhookKeys: 'whsec_x' }, 'notification.webhook_keys'],
  [{ url, webhookKeys: ['secret-canary'] }, 'notification.webhook_keys'],
  [{ url, retries: 3 }, 'notification.retries (no such field)'],
]

for (const [notification, problem] of faults) {
  test(`${JSON.stringify(notification)} has the problem ${problem}`, () =>
    assert.throws(
      () => read(notification),
      (cause: Error) => {
        assert.ok(cause.message.endsWith(`merchant 1 has invalid fields: ${problem}`), cause.message)
        return !cause.message.includes('canary')
      },
    ))
}

for (const allowedOrigins of [
  undefined,
  [],
  'https://shop.example',
  ['shop.example'],
  ['https://shop.example/'],
  [1],
]) {
  test(`a merchant with ${JSON.stringify(allowedOrigins)} as its origins is rejected with a message in both languages`, () => {
    assert.throws(
      () => readOne({ ...merchant, allowedOrigins }),
      /invalid fields: allowedOrigins \(상점 주소 목록.* \/ the exact origins of the shop/,
    )
  })
}

test('the origins of the file are those of the merchant', () => {
  assert.deepEqual(readOne(merchant)?.merchant.allowedOrigins, ['https://shop.example'])
})

test('cards are shown before the password only when the file allows it', () => {
  assert.equal(readOne(merchant)?.merchant.showsCardsBeforePassword, false)
  assert.equal(readOne({ ...merchant, showsCardsBeforePassword: true })?.merchant.showsCardsBeforePassword, true)
  assert.throws(
    () => readOne({ ...merchant, showsCardsBeforePassword: 'yes' }),
    /invalid fields: showsCardsBeforePassword$/,
  )
})

test('a merchant waits for the card network as long as the file says', () => {
  assert.equal(readOne(merchant)?.merchant.cardNetworkTimeoutMs, undefined)
  assert.equal(readOne({ ...merchant, cardNetworkTimeoutMs: 3_000 })?.merchant.cardNetworkTimeoutMs, 3_000)
  assert.throws(() => readOne({ ...merchant, cardNetworkTimeoutMs: '3s' }), /invalid fields: cardNetworkTimeoutMs$/)
})
