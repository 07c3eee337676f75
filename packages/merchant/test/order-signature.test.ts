import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyCharacter } from '../../../test/support/any-character.ts'
import {
  createPaymentForm,
  defineMerchant,
  FieldError,
  type MerchantConfig,
  type Order,
  readAbortFields,
  readAuthentication,
} from '../src/index.ts'
import {
  readMerchantNote,
  readNoteOfShop,
  type SignedFields,
  verifySignedOrder,
  writeMerchantNote,
} from '../src/order-signature.ts'
import { approvalTicket, config, merchantKey, order, transactionId } from './samples.ts'

const newKey = 'n'.repeat(32)
const oldKey = 'o'.repeat(32)
const merchantWith = (keys: readonly [string] | readonly [string, string], changes: Partial<MerchantConfig> = {}) =>
  defineMerchant({ ...config, orderSignature: { keys }, ...changes })
const merchant = merchantWith([newKey])

const signedNoteOf = (given: Order = order, by = merchant): string =>
  createPaymentForm(by, given).fields.MallReserved ?? ''

const fieldsOf = (given: Order = order, by = merchant): SignedFields => {
  const { orderId, amount, customerId } = given
  return { orderId, amount, customerId, merchantNote: signedNoteOf(given, by) }
}
const now = new Date('2025-01-02T03:05:00+09:00')
const expected = { orderId: order.orderId, amount: order.amount, returnHost: 'localhost:4600', at: now }

const anyOrder = fc.record({
  orderId: fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/),
  customerId: fc.stringMatching(/^[A-Za-z0-9]{1,20}$/),
  amount: fc.integer({ min: 0, max: 999_999_999_999 }),
  merchantNote: fc.string({ unit: anyCharacter, maxLength: 36 }),
})

test('every order verifies as it was signed, and the note comes back without the signature', () => {
  fc.assert(
    fc.property(anyOrder, (values) => {
      const signed = fieldsOf({ ...order, ...values })
      const { orderId, amount } = values
      assert.deepEqual(verifySignedOrder(merchant, signed, { ...expected, orderId, amount }), { ok: true })
      assert.equal(readNoteOfShop(signed.merchantNote ?? ''), values.merchantNote)
    }),
  )
})

test('a signed note with any changed character is rejected', () => {
  const signed = fieldsOf({ ...order, merchantNote: '달빛 상점 A1' })
  const wire = signed.merchantNote ?? ''
  for (let at = 0; at < wire.length; at++) {
    for (const other of 'AQgwz05+/=') {
      if (wire[at] === other) continue
      const merchantNote = wire.slice(0, at) + other + wire.slice(at + 1)
      assert.equal(verifySignedOrder(merchant, { ...signed, merchantNote }, expected).ok, false, `${at}: ${other}`)
    }
  }
})

test('any changed byte of signature, signed field or note is rejected', () => {
  const signed = fieldsOf({ ...order, merchantNote: 'note' })
  const text = readMerchantNote(signed.merchantNote ?? '')
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.integer({ min: 1, max: 126 }), (at, code) => {
      fc.pre(text.charCodeAt(at) !== code)
      const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1)
      const merchantNote = writeMerchantNote(changed)
      assert.equal(verifySignedOrder(merchant, { ...signed, merchantNote }, expected).ok, false, changed)
    }),
  )
})

test('a signed note with any part removed or added is rejected', () => {
  const signed = fieldsOf({ ...order, merchantNote: 'note' })
  const text = readMerchantNote(signed.merchantNote ?? '')
  fc.assert(
    fc.property(fc.nat(text.length), fc.nat(text.length), fc.string({ maxLength: 3 }), (from, to, added) => {
      const changed = text.slice(0, Math.min(from, to)) + added + text.slice(Math.max(from, to))
      fc.pre(changed !== text)
      const merchantNote = writeMerchantNote(changed)
      assert.equal(verifySignedOrder(merchant, { ...signed, merchantNote }, expected).ok, false, changed)
    }),
  )
})

const differences: readonly (readonly [name: string, Partial<SignedFields>, Partial<typeof expected>, string])[] = [
  ['the order that came back', { orderId: 'ORD0002' }, {}, 'order_differs'],
  ['the order the shop expects', {}, { orderId: 'ORD0002' }, 'order_differs'],
  ['the amount that came back', { amount: 1005 }, {}, 'amount_differs'],
  ['the amount the shop expects', {}, { amount: 1005 }, 'amount_differs'],
  ['the customer', { customerId: 'user0002' }, {}, 'customer_differs'],
  ['the return host', {}, { returnHost: 'localhost:4601' }, 'return_host_differs'],
  ['the time', {}, { at: new Date('2025-01-03T03:04:06+09:00') }, 'order_signature_expired'],
  ['no note', { merchantNote: undefined }, {}, 'order_signature_missing'],
  ['a note without a signature', { merchantNote: writeMerchantNote('a note') }, {}, 'order_signature_missing'],
  [
    'a signature of another order',
    { merchantNote: signedNoteOf({ ...order, orderId: 'ORD0003' }) },
    {},
    'order_differs',
  ],
  [
    'a signature of another key',
    { merchantNote: signedNoteOf(order, merchantWith([oldKey])) },
    {},
    'order_signature_broken',
  ],
  [
    'a signature of another merchant with the same key',
    { merchantNote: signedNoteOf(order, merchantWith([newKey], { merchantId: 'ssptest02m' })) },
    {},
    'order_signature_broken',
  ],
]

for (const [name, fields, expectation, tampering] of differences) {
  test(`${name}: ${tampering}`, () => {
    const verdict = verifySignedOrder(merchant, { ...fieldsOf(), ...fields }, { ...expected, ...expectation })
    assert.deepEqual(verdict, { ok: false, tampering })
  })
}

test('the signature is valid to the last second of its time', () => {
  const last = new Date('2025-01-03T03:04:05+09:00')
  assert.ok(verifySignedOrder(merchant, fieldsOf(), { ...expected, at: last }).ok)
  const shortLived = defineMerchant({ ...config, orderSignature: { keys: [newKey], validForMs: 60_000 } })
  const at = (seconds: number): Date => new Date(Date.parse('2025-01-02T03:04:05+09:00') + seconds * 1000)
  assert.ok(verifySignedOrder(shortLived, fieldsOf(order, shortLived), { at: at(60) }).ok)
  assert.ok(!verifySignedOrder(shortLived, fieldsOf(order, shortLived), { at: at(61) }).ok)
})

test('during a rotation the newest key signs and both verify', () => {
  const rotating = merchantWith([newKey, oldKey])
  const before = merchantWith([oldKey])
  const after = merchantWith([newKey])
  assert.equal(signedNoteOf(order, rotating), signedNoteOf(order, after))
  assert.deepEqual(verifySignedOrder(rotating, fieldsOf(order, before), expected), { ok: true })
  assert.deepEqual(verifySignedOrder(rotating, fieldsOf(order, after), expected), { ok: true })
  assert.equal(verifySignedOrder(after, fieldsOf(order, before), expected).ok, false)
})

test('a merchant that signs no orders verifies none', () => {
  const unsigned = defineMerchant(config)
  assert.equal(createPaymentForm(unsigned, order).fields.MallReserved, undefined)
  assert.deepEqual(verifySignedOrder(unsigned, {}, { orderId: 'any' }), { ok: true })
})

const longest: Order = {
  ...order,
  orderId: 'O'.repeat(40),
  customerId: 'C'.repeat(20),
  amount: 999_999_999_999,
  returnUrl: `http://${'h'.repeat(88)}:4600`,
}

test('beside the longest values a note of 144 bytes fits into 500 characters, and not one byte more', () => {
  assert.equal(longest.returnUrl.length, 100)
  assert.equal(signedNoteOf({ ...longest, merchantNote: 'x'.repeat(144) }).length, 500)
  assert.throws(
    () => signedNoteOf({ ...longest, merchantNote: 'x'.repeat(145) }),
    (error) =>
      error instanceof FieldError && error.message.startsWith('MallReserved: too_long (merchantNote, max 500)'),
  )
})

test('broken fields are named by their own names, signed or not', () => {
  assert.throws(
    () => signedNoteOf({ ...order, orderId: 'A B', returnUrl: 'nowhere', amount: Number.NaN }),
    (error) => error instanceof FieldError && error.problems.map(({ field }) => field).join() === 'Amt,Moid,ReturnUrl',
  )
})

test('the stopped payment shows the shop its own note', () => {
  const { fields } = createPaymentForm(merchant, { ...order, merchantNote: '달빛' })
  const read = readAbortFields({ ...fields, ResultCode: 'S201', ResultMsg: '중단' })
  assert.ok(read.outcome === 'aborted')
  assert.equal(read.abort.merchantNote, '달빛')
})

const returned = (fields: Readonly<Record<string, string>>, url = 'http://localhost:4600/return?order=1'): Request =>
  new Request(url, {
    method: 'POST',
    body: new URLSearchParams({ Tid: transactionId, TrAuthKey: approvalTicket, ...fields }),
  })

const returns: readonly (readonly [string, Request, string | undefined])[] = [
  ['the two fields of the guide', returned({}), undefined],
  ['the order beside them', returned({ Moid: 'ORD0001', Amt: '1004', MallReserved: signedNoteOf() }), undefined],
  ['another order beside them', returned({ Moid: 'ORD0002', MallReserved: signedNoteOf() }), 'order_differs'],
  ['another amount beside them', returned({ Amt: '1', MallReserved: signedNoteOf() }), 'amount_differs'],
  ['a note without a signature', returned({ MallReserved: writeMerchantNote('x') }), 'order_signature_missing'],
  ['another host', returned({ MallReserved: signedNoteOf() }, 'http://localhost:4601/return'), 'return_host_differs'],
]

for (const [name, request, tampering] of returns) {
  test(`an authentication that brings ${name}: ${tampering ?? 'is read'}`, async () => {
    const read = await readAuthentication(merchantWith([newKey], { now: () => now }), request)
    assert.equal(read.outcome === 'authenticated', tampering === undefined)
    if (read.outcome === 'rejected') assert.equal(read.tampering, tampering)
  })
}

const badSignatures: readonly unknown[] = [
  undefined,
  null,
  'off',
  {},
  { keys: [] },
  { keys: newKey },
  { keys: ['short'] },
  { keys: [merchantKey] },
  { keys: [newKey, merchantKey] },
  { keys: [newKey, oldKey, 'x'.repeat(32)] },
  { keys: [`${newKey} `] },
  { keys: [newKey], validForMs: 0 },
]

for (const orderSignature of badSignatures) {
  test(`an order signature must be configured: ${JSON.stringify(orderSignature)?.slice(0, 40)}`, () => {
    assert.throws(
      () => defineMerchant({ ...config, orderSignature } as MerchantConfig),
      (error) =>
        error instanceof TypeError && error.message.startsWith('orderSignature') && !error.message.includes(newKey),
    )
  })
}

test('the keys print nowhere', async () => {
  const { inspect } = await import('node:util')
  const printed = inspect(merchant, { depth: 9, showHidden: true }) + JSON.stringify(merchant)
  assert.ok(!printed.includes(newKey))
})
