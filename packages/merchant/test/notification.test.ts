import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { type Charset, type Notification, notification, type WireText, writeMessage } from '@sspay/protocol'
import { encodeForm } from '@sspay/protocol/charset'
import { signResult } from '@sspay/protocol/signature'
import fc from 'fast-check'
import {
  compareWithOrder,
  createPaymentForm,
  defineMerchant,
  type NotificationOptions,
  readNotification,
} from '../src/index.ts'
import { config, expected, merchantKey, order, transactionId } from './samples.ts'

const merchant = defineMerchant(config)
const signingMerchant = defineMerchant({ ...config, orderSignature: { keys: ['s'.repeat(32)] } })
const now = new Date('2025-01-02T03:10:00+09:00')
const formType = 'application/x-www-form-urlencoded'

const message: Notification = {
  paymentMethod: 'CARD',
  merchantId: 'ssptest01m',
  amount: 1004,
  goodsName: '똠방각하',
  transactionId,
  orderId: 'ORD0001',
  buyerName: '홍길동',
  customerId: 'user0001',
  approvedAt: new Date('2025-01-02T03:05:06+09:00'),
  approvalNumber: '00012345',
  resultCode: '3001',
  resultMessage: '카드 결제 성공',
  merchantNote: Buffer.from('달빛 상점').toString('base64'),
  paymentState: '0',
  signature: signResult({ transactionId, resultCode: '3001' }, merchantKey),
}
const fields: WireText = writeMessage(notification, message)

interface Delivery {
  readonly changes?: WireText
  readonly charset?: Charset
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
}

const delivered = ({ changes, charset = 'utf-8', contentType = formType, headers = {} }: Delivery = {}): Request =>
  new Request('http://shop.example/notify', {
    method: 'POST',
    body: encodeForm({ ...fields, ...changes }, charset),
    headers: { 'content-type': contentType, ...headers },
  })

const deliveries: readonly (readonly [string, Delivery])[] = [
  ['in UTF-8', {}],
  ['in declared EUC-KR', { charset: 'euc-kr', contentType: `${formType}; charset=euc-kr` }],
  ['in undeclared EUC-KR', { charset: 'euc-kr' }],
  ['with a field nobody knows', { changes: { NewField: 'x' } }],
]

for (const [name, delivery] of deliveries) {
  test(`a notification ${name} is read and answered OK`, async () => {
    const read = await readNotification(merchant, delivered(delivery))
    assert.ok(read.outcome === 'verified', JSON.stringify(read))
    const { paymentState, goodsName, merchantNote, amount, raw } = read.notification
    assert.deepEqual([paymentState, goodsName, merchantNote, amount], ['approved', '똠방각하', '달빛 상점', 1004])
    assert.equal(raw.Tid, transactionId)
    assert.equal(compareWithOrder(read.notification, expected), 'matches')
    const answer = read.answer()
    assert.deepEqual([answer.status, await answer.text()], [200, 'OK'])
  })
}

test('every cancelled state has its name', async () => {
  for (const [state, name] of [
    ['1', 'cancelled_before_capture'],
    ['2', 'cancelled_after_capture'],
  ]) {
    const read = await readNotification(merchant, delivered({ changes: { StateCd: state, CancelAmt: '500' } }))
    assert.ok(read.outcome === 'verified')
    assert.equal(read.notification.paymentState, name)
    assert.equal(read.notification.cancelledAmount, 500)
  }
})

const rejections: readonly (readonly [string, WireText, string])[] = [
  [
    'another signature',
    { SignValue: signResult({ transactionId, resultCode: '3001' }, 'x'.repeat(40)) },
    'signature_wrong',
  ],
  ['another transaction', { Tid: 'ssptest01m01012501020304109999' }, 'signature_wrong'],
  ['another result code', { ResultCode: '3011' }, 'signature_wrong'],
  [
    'a decline that says approved',
    { ResultCode: '3095', SignValue: signResult({ transactionId, resultCode: '3095' }, merchantKey) },
    'state_differs',
  ],
  ['another merchant', { Mid: 'ssptest02m' }, 'merchant_differs'],
  ['no signature', { SignValue: undefined }, 'fields_wrong'],
  ['no state', { StateCd: '' }, 'fields_wrong'],
  ['an unknown state', { StateCd: '7' }, 'fields_wrong'],
  ['no order', { Moid: undefined }, 'fields_wrong'],
  ['an amount that is no number', { Amt: '1,004' }, 'fields_wrong'],
]

for (const [name, changes, reason] of rejections) {
  test(`a notification with ${name} is rejected as ${reason} and not answered OK`, async () => {
    const read = await readNotification(merchant, delivered({ changes }))
    assert.ok(read.outcome === 'rejected')
    assert.equal(read.reason, reason)
    assert.equal(read.problems.length > 0, reason === 'fields_wrong')
    const answer = read.answer()
    assert.ok(answer.status >= 400)
    assert.doesNotMatch(await answer.text(), /OK/i)
  })
}

test('a field given twice with different values is rejected', async () => {
  const body = `${encodeForm(fields, 'utf-8')}&Amt=1`
  const request = new Request('http://shop.example/', { method: 'POST', body, headers: { 'content-type': formType } })
  const read = await readNotification(merchant, request)
  assert.deepEqual([read.outcome, read.outcome === 'rejected' && read.problems[0]?.rule], ['rejected', 'repeated'])
})

test('an empty, a huge and an arbitrary body are rejected', async () => {
  for (const body of ['', 'x'.repeat(100_000), '{"Tid":"1"}']) {
    const request = new Request('http://shop.example/', { method: 'POST', body, headers: { 'content-type': formType } })
    assert.equal((await readNotification(merchant, request)).outcome, 'rejected')
  }
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1 }), async (bytes) => {
      const request = new Request('http://shop.example/', { method: 'POST', body: bytes })
      assert.equal((await readNotification(merchant, request)).outcome, 'rejected')
    }),
  )
})

const keyOf = async (delivery: Delivery): Promise<string> => {
  const read = await readNotification(merchant, delivered(delivery))
  assert.ok(read.outcome === 'verified')
  return read.duplicateKey
}

test('the key of a duplicate is the same in every delivery, and another for another notification', async () => {
  const first = await keyOf({})
  assert.equal(await keyOf({ charset: 'euc-kr' }), first)
  const reordered = Object.fromEntries(Object.entries(fields).reverse()) as Record<string, string>
  const again = new Request('http://shop.example/', {
    method: 'POST',
    body: encodeForm(reordered, 'utf-8'),
    headers: { 'content-type': formType },
  })
  const read = await readNotification(merchant, again)
  assert.equal(read.outcome === 'verified' && read.duplicateKey, first)
  const part = await keyOf({ changes: { StateCd: '1', CancelAmt: '300' } })
  const rest = await keyOf({ changes: { StateCd: '1', CancelAmt: '1004' } })
  assert.equal(new Set([first, part, rest]).size, 3)
})

test('a notification about another order or amount than recorded is detected', async () => {
  const read = await readNotification(merchant, delivered())
  assert.ok(read.outcome === 'verified')
  assert.equal(compareWithOrder(read.notification, { ...expected, orderId: 'ORD0002' }), 'order_differs')
  assert.equal(compareWithOrder(read.notification, { ...expected, amount: 1005 }), 'amount_differs')
})

test('where orders are signed, a notification about a tampered one is rejected', async () => {
  const signedNote = createPaymentForm(signingMerchant, { ...order, merchantNote: '달빛' }).fields.MallReserved
  const right = await readNotification(signingMerchant, delivered({ changes: { MallReserved: signedNote } }))
  assert.ok(right.outcome === 'verified')
  assert.equal(right.notification.merchantNote, '달빛')
  const tampered: readonly (readonly [WireText, string])[] = [
    [{ MallReserved: signedNote, Moid: 'ORD0002' }, 'order_differs'],
    [{ MallReserved: signedNote, Amt: '1' }, 'amount_differs'],
    [{ MallReserved: signedNote, MallUserId: 'user0002' }, 'customer_differs'],
    [{ MallReserved: undefined }, 'order_signature_missing'],
    [{ MallReserved: signedNote, Moid: 'ORD0002', StateCd: '1' }, 'order_differs'],
  ]
  for (const [changes, tampering] of tampered) {
    const read = await readNotification(signingMerchant, delivered({ changes }))
    assert.ok(read.outcome === 'rejected')
    assert.deepEqual([read.reason, read.tampering, read.transactionId], ['order_tampered', tampering, transactionId])
  }
})

const keys = ['whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'] as const
const body = encodeForm(fields, 'utf-8')
const id = `${transactionId}-3`
const secondsOf = (date: Date): number => Math.floor(date.getTime() / 1000)
const signWith = (key: string, timestamp: number, signed = body): string =>
  `v1,${createHmac('sha256', Buffer.from(key.slice(6), 'base64'))
    .update(`${id}.${timestamp}.${signed}`)
    .digest('base64')}`

const headersAt = (timestamp: number, ...signatures: readonly string[]): Readonly<Record<string, string>> => ({
  'webhook-id': id,
  'webhook-timestamp': String(timestamp),
  'webhook-signature': signatures.join(' '),
})

test('the example of the Standard Webhooks specification is right', async () => {
  const { findWebhookRejection } = await import('../src/webhook-signature.ts')
  const example = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  }
  const payload = new TextEncoder().encode('{"test": 2432232314}')
  const rules = { keys: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], toleranceMs: 1, now: new Date(1614265330_000) }
  assert.equal(findWebhookRejection(new Headers(example), payload, rules), undefined)
})

const at = secondsOf(now)
const [newest, previous] = keys
const webhooks: readonly (readonly [string, Readonly<Record<string, string>>, NotificationOptions, string?])[] = [
  ['the newest key', headersAt(at, signWith(newest, at)), {}],
  ['the previous key', headersAt(at, signWith(previous, at)), {}],
  ['several signatures, one of them right', headersAt(at, 'v1,AAAA', 'v1a,x', signWith(newest, at)), {}],
  ['the edge of the tolerance', headersAt(at - 300, signWith(newest, at - 300)), {}],
  ['the key without its prefix', headersAt(at, signWith(newest, at)), { webhookKeys: [newest.slice(6)] }],
  ['a second too old', headersAt(at - 301, signWith(newest, at - 301)), {}, 'webhook_too_old'],
  ['a second too early', headersAt(at + 301, signWith(newest, at + 301)), {}, 'webhook_in_future'],
  ['a smaller tolerance', headersAt(at - 2, signWith(newest, at - 2)), { toleranceMs: 1000 }, 'webhook_too_old'],
  ['another time than signed', headersAt(at + 1, signWith(newest, at)), {}, 'webhook_signature_wrong'],
  ['another body than signed', headersAt(at, signWith(newest, at, `${body}&a=b`)), {}, 'webhook_signature_wrong'],
  ['another key', headersAt(at, signWith(`whsec_${'A'.repeat(32)}`, at)), {}, 'webhook_signature_wrong'],
  ['another version', headersAt(at, signWith(newest, at).replace('v1', 'v2')), {}, 'webhook_signature_wrong'],
  ['another id', { ...headersAt(at, signWith(newest, at)), 'webhook-id': 'x' }, {}, 'webhook_signature_wrong'],
  ['no headers', {}, {}, 'webhook_headers_missing'],
  [
    'a time that is no number',
    { ...headersAt(at, signWith(newest, at)), 'webhook-timestamp': '1e9' },
    {},
    'webhook_headers_missing',
  ],
]

for (const [name, headers, rules, fault] of webhooks) {
  test(`webhook headers: ${name}: ${fault ?? 'right'}`, async () => {
    const read = await readNotification(merchant, delivered({ headers }), { webhookKeys: keys, now, ...rules })
    assert.equal(read.outcome === 'rejected' ? read.reason : undefined, fault)
  })
}

test('a signed body with any changed byte is rejected', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(body.length - 1), fc.integer({ min: 33, max: 126 }), async (position, code) => {
      fc.pre(body.charCodeAt(position) !== code)
      const changed = body.slice(0, position) + String.fromCharCode(code) + body.slice(position + 1)
      const headers = { 'content-type': formType, ...headersAt(at, signWith(newest, at)) }
      const request = new Request('http://shop.example/', { method: 'POST', body: changed, headers })
      const read = await readNotification(merchant, request, { webhookKeys: keys, now })
      assert.equal(read.outcome === 'rejected' && read.reason, 'webhook_signature_wrong')
    }),
  )
})

test('the right headers do not make up for a wrong SignValue', async () => {
  const changes = { SignValue: 'x'.repeat(44) }
  const signed = encodeForm({ ...fields, ...changes }, 'utf-8')
  const headers = headersAt(at, signWith(newest, at, signed))
  const read = await readNotification(merchant, delivered({ changes, headers }), { webhookKeys: keys, now })
  assert.equal(read.outcome === 'rejected' && read.reason, 'signature_wrong')
})

test('a body that was read before is a mistake of the caller', async () => {
  const request = delivered()
  await request.text()
  await assert.rejects(
    readNotification(merchant, request),
    /has been read already: pass its fields.*이미 읽었습니다. Request 대신/,
  )
})

for (const key of ['', 'whsec_', 'whsec_AAAA', 'not base64 but long enough to be a key']) {
  test(`a webhook key that anybody could guess is a mistake of the caller: ${key}`, async () => {
    await assert.rejects(readNotification(merchant, delivered(), { webhookKeys: [newest, key] }), TypeError)
  })
}
