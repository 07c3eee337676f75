import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { endpoints, paymentRequest, readMessage } from '@sspay/protocol'
import { generalInPlaceRequest } from '@sspay/protocol/internal'
import vectors from '@sspay/protocol/vectors/signatures.json' with { type: 'json' }
import {
  createPaymentForm,
  defineMerchant,
  FieldError,
  type MerchantConfig,
  type Order,
  UnwritableTextError,
} from '../src/index.ts'
import { config, merchantKey, order } from './samples.ts'

const merchant = defineMerchant(config)

test('the golden signature of the guide', () => {
  const { MerchantKey, signatures } = vectors
  const golden = signatures.find(({ name }) => name === 'EncryptData of the payment request')
  const { fields } = createPaymentForm(defineMerchant({ ...config, merchantKey: MerchantKey }), order)
  assert.equal(fields.EncryptData, golden?.expected)
})

test('a form holds what the table asks for, with defaults, and reads back the same', () => {
  const { fields } = createPaymentForm(merchant, order)
  const read = readMessage(paymentRequest, fields)
  assert.ok(read.ok, JSON.stringify(read))
  assert.deepEqual(read.unknownFields, {})
  const { signature: _, ...message } = read.value
  assert.deepEqual(message, {
    ...order,
    merchantId: 'ssptest01m',
    easyPayMerchantId: 'SSPTEST00p',
    paymentMethod: 'CARD',
    goodsCount: 1,
    asksPopCard: false,
  })
})

test('a general card payment has neither SspMallId nor PopCheck, is signed, and reads back the same', () => {
  const { fields } = createPaymentForm(merchant, { ...order, service: 'general', asksPopCard: true })
  const { SspMallId: _mall, PopCheck: _popCard, ...expected } = createPaymentForm(merchant, order).fields
  assert.deepEqual(fields, expected)
  const read = readMessage(generalInPlaceRequest, fields)
  assert.ok(read.ok, JSON.stringify(read))
  assert.deepEqual([read.value.customerId, read.unknownFields], [order.customerId, {}])
  const named = createPaymentForm(merchant, { ...order, service: 'easy-pay' })
  assert.deepEqual(named.fields, createPaymentForm(merchant, order).fields)
})

test('the clock of the merchant dates a form', () => {
  const { requestedAt: _, ...undated } = order
  const dated = defineMerchant({ ...config, now: () => new Date('2026-12-31T15:00:00Z') })
  assert.equal(createPaymentForm(dated, undated).fields.EdiDate, '20270101000000')
})

const hosts = [
  ['staging', 'pc', endpoints.staging.pcWindow, endpoints.staging.script],
  ['staging', 'mobile', endpoints.staging.mobileWindow, endpoints.staging.mobileScript],
  ['production', 'pc', endpoints.production.pcWindow, endpoints.production.script],
  ['production', 'mobile', endpoints.production.mobileWindow, endpoints.production.mobileScript],
] as const

for (const [environment, device, action, scriptUrl] of hosts) {
  test(`${environment} on ${device} goes to its own host`, () => {
    const form = createPaymentForm(defineMerchant({ ...config, environment }), order, { device })
    assert.deepEqual([form.action, form.scriptUrl], [action, scriptUrl])
  })
}

test('hidden inputs are escaped and the key is not in them', () => {
  const html = createPaymentForm(merchant, { ...order, goodsName: `"><script>'&` }).html()
  assert.ok(html.includes('value="&quot;&gt;&lt;script&gt;&#39;&amp;"'), html)
  assert.ok(!html.includes(merchantKey.slice(0, 12)))
  assert.equal(html.split('\n').length, 16)
})

test('a note travels as Base64 of UTF-8', () => {
  assert.equal(
    createPaymentForm(merchant, { ...order, merchantNote: '한글 예비' }).fields.MallReserved,
    '7ZWc6riAIOyYiOu5hA==',
  )
  assert.equal(createPaymentForm(merchant, { ...order, merchantNote: '' }).fields.MallReserved, undefined)
  assert.equal(
    createPaymentForm(merchant, { ...order, merchantNote: '가'.repeat(125) }).fields.MallReserved?.length,
    500,
  )
})

const rejections: readonly (readonly [string, Partial<Order>, string])[] = [
  ['a note over 500 wire characters', { merchantNote: '가'.repeat(126) }, 'MallReserved: too_long'],
  ['a note of a megabyte', { merchantNote: 'x'.repeat(1_000_000) }, 'MallReserved: too_long'],
  ['an over-long name of goods', { goodsName: '가'.repeat(41) }, 'GoodsName: too_long'],
  ['an amount with a fraction', { amount: 10.5 }, 'Amt: malformed'],
  ['a negative amount', { amount: -1 }, 'Amt: malformed'],
  ['an amount that is no number', { amount: Number.NaN }, 'Amt: malformed'],
  ['thirteen digits', { amount: 1_000_000_000_000 }, 'Amt: too_long'],
  ['an order id with blanks', { orderId: 'A B' }, 'Moid: malformed'],
  ['a customer id with Hangul', { customerId: '홍길동' }, 'MallUserId: malformed'],
  ['a relative address', { returnUrl: '/return' }, 'ReturnUrl: malformed'],
  ['a script address', { abortUrl: 'javascript:alert(1)' }, 'StopUrl: malformed'],
  ['an empty buyer', { buyerName: '' }, 'BuyerName: missing'],
  ['a line break', { goodsName: 'a\r\nb' }, 'GoodsName: malformed'],
  ['one month of instalments', { installmentMonths: 1 }, 'CardQuota: malformed'],
]

for (const [name, changes, problem] of rejections) {
  test(`${name} is rejected with the name of the field`, () => {
    assert.throws(
      () => createPaymentForm(merchant, { ...order, ...changes }),
      (error) => error instanceof FieldError && error.message.startsWith(problem),
    )
  })
}

test('a wrong value is named as the shop wrote it, with its rule, in both languages, and without the value', () => {
  assert.throws(
    () => createPaymentForm(merchant, { ...order, customerId: 'user@shop.example', buyerPhone: '' }),
    (error) => {
      const [first = '', second = '', ...more] = String(error).split('\n')
      assert.match(first, /^FieldError: MallUserId: malformed \(customerId, max 20\)\. /)
      assert.match(first, /형식이 올바르지 않습니다\. 영문.*, 최대 20자 \/ .*is malformed: .*, at most 20 characters$/)
      assert.match(second, /^BuyerTel: missing \(buyerPhone, .*필수 값이 없습니다\. .* \/ .*is missing: /)
      assert.deepEqual(more, [])
      assert.doesNotMatch(String(error), /user@shop/)
      return true
    },
  )
})

test('every broken field is named at once', () => {
  assert.throws(
    () => createPaymentForm(merchant, { ...order, amount: -1, orderId: '', buyerEmail: 'nobody' }),
    (error) => error instanceof FieldError && error.problems.length === 3,
  )
})

test('text that EUC-KR cannot write is rejected with field and code point', () => {
  const inKorean: Order = { ...order, answerCharset: 'euc-kr' }
  assert.equal(createPaymentForm(merchant, { ...inKorean, goodsName: '똠방각하 뷁' }).fields.EncodingType, 'euckr')
  assert.throws(
    () => createPaymentForm(merchant, { ...inKorean, goodsName: '커피 ☕😀' }),
    (error) => error instanceof UnwritableTextError && error.field === 'GoodsName' && error.codePoint === 'U+2615',
  )
  assert.doesNotThrow(() => createPaymentForm(merchant, { ...order, goodsName: '커피 😀' }))
})

const badSettings: readonly (readonly [string, Partial<Record<keyof MerchantConfig, unknown>>])[] = [
  ['merchantId', { merchantId: 'short' }],
  ['merchantId', { merchantId: 'ssptest01!' }],
  ['easyPayMerchantId', { easyPayMerchantId: 'SSPTEST00p1' }],
  ['merchantKey', { merchantKey: 'x'.repeat(31) }],
  ['merchantKey', { merchantKey: ` ${merchantKey}` }],
  ['merchantKey', { merchantKey: `${merchantKey}\n` }],
  ['environment', { environment: 'test' }],
  ['environment', { environment: undefined }],
  ['environment', { environment: { origin: 'localhost:4610' } }],
  ['connectTimeoutMs', { connectTimeoutMs: 0 }],
  ['readTimeoutMs', { readTimeoutMs: Number.NaN }],
]

for (const [setting, changes] of badSettings) {
  test(`a wrong ${setting} is rejected by name: ${Object.values(changes).map((value) => typeof value)}`, () => {
    assert.throws(
      () => defineMerchant({ ...config, ...changes } as MerchantConfig),
      (error) =>
        error instanceof TypeError && error.message.startsWith(`${setting}: `) && !error.message.includes(merchantKey),
    )
  })
}

test('a merchant prints without its key', () => {
  for (const printed of [inspect(merchant, { depth: 9, showHidden: true }), JSON.stringify(merchant), `${merchant}`]) {
    assert.ok(!printed.includes(merchantKey.slice(0, 12)), printed)
  }
})

test('an address of the buyer never stops a payment: unmapped, or left out where it does not fit', () => {
  const userIp = (buyerIp: string) => createPaymentForm(merchant, { ...order, buyerIp }).fields.UserIp
  assert.equal(userIp('::ffff:203.0.113.5'), '203.0.113.5')
  assert.equal(userIp('2001:db8::1'), '2001:db8::1')
  for (const buyerIp of ['2001:0db8:85a3:0000:0000:8a2e:0370:7334', 'unknown', '1.2.3.4, 5.6.7.8'])
    assert.equal(userIp(buyerIp), undefined, buyerIp)
})

test('what the service accepts empty, a form must have', () => {
  for (const name of ['buyerPhone', 'buyerEmail', 'returnUrl', 'abortUrl'] as const)
    assert.throws(() => createPaymentForm(merchant, { ...order, [name]: '' }), FieldError, name)
})

test('decomposed Hangul is composed before its length, its charset and its bytes count', () => {
  const goodsName = '따뜻한 커피'.repeat(6).slice(0, 40)
  const written = createPaymentForm(merchant, {
    ...order,
    goodsName: goodsName.normalize('NFD'),
    buyerName: '홍길동'.normalize('NFD'),
    answerCharset: 'euc-kr',
  }).fields
  assert.deepEqual([written.GoodsName, written.BuyerName], [goodsName, '홍길동'])
})
