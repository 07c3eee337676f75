import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findResultReason, type ResultReason, resultCodes, type WireText } from '@sspay/protocol'
import { encodeText } from '@sspay/protocol/charset'
import { signResult } from '@sspay/protocol/signature'
import fc from 'fast-check'
import { type ApprovalOutcome, approve, memoryJournal, type Transport, type UnknownCause } from '../src/index.ts'
import { answering, bodyOf, httpAnswer } from './loopback.ts'
import { approvalTicket, approvedAnswer, expected, merchantAt, merchantKey, ticket, transactionId } from './samples.ts'

const answered = (body: string | Uint8Array): Transport => {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  return async () => ({ outcome: 'answered', status: 200, body: bytes })
}

const approveWith = (body: string | Uint8Array): Promise<ApprovalOutcome> =>
  approve(merchantAt('http://127.0.0.1:1', { transport: answered(body) }), ticket(), {
    expected,
    journal: memoryJournal(),
  })

const signedCode = (code: string): WireText => ({
  ResultCode: code,
  ResultMsg: '결과',
  Tid: transactionId,
  SignValue: signResult({ transactionId, resultCode: code }, merchantKey),
})

test('an approved payment in our names and types', async () => {
  const outcome = await approveWith(approvedAnswer({ NewField: 'kept' }))
  assert.equal(outcome.outcome, 'approved')
  const { raw, ...payment } = outcome.payment
  assert.deepEqual(payment, {
    paymentMethod: 'CARD',
    merchantId: 'ssptest01m',
    amount: 1004,
    goodsName: '커피',
    transactionId,
    orderId: 'ORD0001',
    buyerName: '홍길동',
    customerId: 'user0001',
    approvedAt: new Date('2025-01-02T03:05:06+09:00'),
    approvalNumber: '00012345',
    issuerCode: '01',
    issuerName: '비씨',
    maskedCardNumber: '411111******1111',
    merchantNote: '예비 note',
    installmentMonths: 0,
    isInterestFree: false,
    cardKind: 'check',
    currency: 'KRW',
  })
  assert.equal(raw.NewField, 'kept')
})

test('the request is the two fields of the guide as JSON', async (t) => {
  let seen = ''
  const origin = await answering(t, (socket, request) => {
    seen = request
    socket.end(httpAnswer({ body: approvedAnswer() }))
  })
  await approve(merchantAt(origin), ticket(), { expected, journal: memoryJournal() })
  assert.match(seen, /^POST \/payment\/approval\/urlCallApproval\.do HTTP\/1\.1\r\n/)
  assert.match(seen, /\r\ncontent-type: application\/json\r\n/i)
  assert.match(seen, /\r\naccept: application\/json\r\n/i)
  assert.deepEqual(JSON.parse(bodyOf(seen)), { Tid: transactionId, TrAuthKey: approvalTicket })
})

const approvedAnswers: readonly (readonly [string, string | Uint8Array])[] = [
  ['without a signature', approvedAnswer({ SignValue: undefined })],
  ['with an empty signature', approvedAnswer({ SignValue: '' })],
  ['with values of kinds nobody knows yet', approvedAnswer({ CardType: 'Z', CardInterest: '7', GoodsCnt: '0' })],
  ['with over-long text', approvedAnswer({ ResultMsg: '가'.repeat(5_000), AppCardName: '카'.repeat(200) })],
  ['with an unreadable date', approvedAnswer({ AuthDate: '991399999999' })],
  [
    'with nested new fields',
    approvedAnswer().replace('{', '{"Coupons":[{"a":1}],"Point":{"b":null},"Flag":true,"Nothing":null,'),
  ],
  ['with a field called __proto__', approvedAnswer().replace('{', '{"__proto__":"x","constructor":"y",')],
  ['in EUC-KR', encodeText(approvedAnswer(), 'euc-kr')],
]

for (const [name, body] of approvedAnswers) {
  test(`an answer ${name} is approved`, async () => {
    const outcome = await approveWith(body)
    assert.equal(outcome.outcome, 'approved', JSON.stringify(outcome))
    assert.equal(outcome.payment.buyerName, '홍길동')
  })
}

const mismatches: readonly (readonly [string, WireText, UnknownCause])[] = [
  ['another amount', { Amt: '1005' }, 'amount_mismatch'],
  ['an amount with separators', { Amt: '1,004' }, 'amount_mismatch'],
  ['no amount', { Amt: undefined }, 'amount_mismatch'],
  ['another currency', { Currency: 'USD' }, 'amount_mismatch'],
  ['another order', { Moid: 'ORD0002' }, 'order_mismatch'],
  ['no order', { Moid: undefined }, 'order_mismatch'],
  ['another transaction', { Tid: transactionId.replace('338', '339') }, 'transaction_mismatch'],
  ['no transaction', { Tid: undefined }, 'transaction_mismatch'],
  ['an unreadable transaction', { Tid: `${transactionId}-`, SignValue: undefined }, 'transaction_mismatch'],
  ['an unreadable merchant', { Mid: '상점' }, 'merchant_mismatch'],
  ['a state nobody knows', { StateCd: '9' }, 'unrecognized_state'],
  ['a refund of an amount nobody can read', { StateCd: '1', CancelAmt: '1,004' }, 'unrecognized_state'],
  ['a refund without an amount', { StateCd: '1' }, 'unrecognized_state'],
  ['a refund of nothing', { StateCd: '1', CancelAmt: '0' }, 'unrecognized_state'],
  ['a refund in the state approved', { StateCd: '0', CancelAmt: '1004' }, 'unrecognized_state'],
  ['another merchant', { Mid: 'othermid1m' }, 'merchant_mismatch'],
  ['a wrong signature', { SignValue: 'YjcaO2AuKGdvY+IXrAlnpDmT7I/74o0q6yCNA2d2uNA=' }, 'signature_mismatch'],
  [
    'a signature of another code',
    { SignValue: signResult({ transactionId, resultCode: '3011' }, merchantKey) },
    'signature_mismatch',
  ],
  ['an over-long signature', { SignValue: 'A'.repeat(500) }, 'signature_mismatch'],
  ['a padded result code', { ResultCode: '3001 ' }, 'unreadable_answer'],
  ['an empty result code', { ResultCode: '' }, 'unreadable_answer'],
]

for (const [name, changes, cause] of mismatches) {
  test(`a success with ${name} is unknown: ${cause}`, async () => {
    const outcome = await approveWith(approvedAnswer(changes))
    assert.equal(outcome.outcome, 'unknown', JSON.stringify(outcome))
    assert.equal(outcome.cause, cause)
  })
}

test('a decline with a wrong signature is unknown', async () => {
  const outcome = await approveWith(JSON.stringify({ ...signedCode('3095'), SignValue: 'x' }))
  assert.equal(outcome.outcome, 'unknown')
  assert.equal(outcome.cause, 'signature_mismatch')
})

const unknownReasons: Partial<Record<ResultReason, UnknownCause>> = {
  approval_in_progress: 'in_progress',
  outcome_unresolved: 'unresolved',
  overloaded: 'overloaded',
  internal: 'gateway_error',
  approval_ticket_spent: 'approval_ticket_spent',
}

for (const [reason, cause] of Object.entries(unknownReasons)) {
  const { code } = resultCodes[reason as ResultReason]
  test(`${code} ${reason} does not say that nothing was charged: ${cause}`, async () => {
    const outcome = await approveWith(JSON.stringify(signedCode(code)))
    assert.equal(outcome.outcome, 'unknown')
    assert.equal(outcome.cause, cause)
    assert.equal(outcome.code, code)
  })
}

for (const reason of [
  'card_number_invalid',
  'balance_insufficient',
  'issuer_declined',
  'approval_ticket_unknown',
  'approval_ticket_expired',
  'payment_reversed',
] as const) {
  const { code, ko, en } = resultCodes[reason]
  test(`${code} ${reason} is declined`, async () => {
    const outcome = await approveWith(JSON.stringify(signedCode(code)))
    assert.equal(outcome.outcome, 'declined')
    assert.equal(outcome.reason, reason)
    assert.deepEqual(outcome.message, { ko, en })
  })
}

test('a card decline with an unknown code is declined with the message of the service', async () => {
  const outcome = await approveWith('{"ResultCode":"3051","ResultMsg":"해외카드 미등록 가맹점"}')
  assert.equal(outcome.outcome, 'declined')
  assert.equal(outcome.reason, 'unrecognized')
  assert.equal(outcome.code, '3051')
  assert.equal(outcome.message.ko, '해외카드 미등록 가맹점')
})

for (const code of ['9999', '0000', '2001', '3073', 'A110', 'PD00', '1']) {
  test(`${code} does not say for sure that nothing was charged`, async () => {
    const outcome = await approveWith(JSON.stringify(signedCode(code)))
    assert.equal(outcome.outcome, 'unknown')
    assert.equal(outcome.cause, 'unrecognized_code')
    assert.equal(outcome.next, 'investigate')
  })
}

test('only 3001 is ever approved, and no code throws', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ maxLength: 6 }), fc.string({ maxLength: 20 }), async (code, message) => {
      const outcome = await approveWith(approvedAnswer({ ResultCode: code, ResultMsg: message, SignValue: undefined }))
      assert.equal(outcome.outcome === 'approved', code === '3001')
      if (outcome.outcome === 'declined') assert.ok(findResultReason(code) !== undefined || /^30\d\d$/.test(code))
    }),
  )
})

test('fields nobody knows never change the outcome', async () => {
  const known = new Set(Object.keys(JSON.parse(approvedAnswer())))
  const unknownName = fc.string({ minLength: 1 }).filter((name) => !known.has(name) && !/^[A-Z]/.test(name))
  await fc.assert(
    fc.asyncProperty(fc.dictionary(unknownName, fc.jsonValue()), async (extra) => {
      const body = JSON.stringify({ ...extra, ...JSON.parse(approvedAnswer()) })
      assert.equal((await approveWith(body)).outcome, 'approved')
    }),
  )
})

test('no answer at all makes approve throw', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((json) => new TextEncoder().encode(json)),
      ),
      async (bytes) => {
        assert.equal((await approveWith(bytes)).outcome, 'unknown')
      },
    ),
  )
})

test('an answer with any character changed is never another payment', async () => {
  const right = approvedAnswer()
  await fc.assert(
    fc.asyncProperty(fc.nat(right.length - 1), fc.constantFrom('0', '9', 'x', '"', '{'), async (at, character) => {
      const outcome = await approveWith(right.slice(0, at) + character + right.slice(at + 1))
      if (outcome.outcome !== 'approved') return
      assert.equal(outcome.payment.amount, expected.amount)
      assert.equal(outcome.payment.orderId, expected.orderId)
      assert.equal(outcome.payment.transactionId, transactionId)
    }),
  )
})
