import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBody } from '@sspay/protocol/sealed-body'
import { FieldError, registerBillKey } from '../src/index.ts'
import { billKey, expectedKey, issuedFields } from './bill-keys.ts'
import { answering, answeringWith, bodyOf, httpAnswer } from './loopback.ts'
import { merchantAt, merchantKey } from './samples.ts'

const card = {
  ...expectedKey,
  cardNumber: '5239-0000-0000-9001',
  cardExpiry: '2912',
  birthDateOrBusinessNumber: '900101',
  cardPasswordPrefix: '12',
}

test('the envelope holds the card, encrypted, and the answer a key', async (t) => {
  let seen = ''
  const origin = await answering(t, (socket, request) => {
    seen = request
    socket.end(httpAnswer({ body: JSON.stringify(issuedFields()) }))
  })
  const result = await registerBillKey(merchantAt(origin), card)
  assert.ok(result.outcome === 'issued')
  assert.equal(result.exposeBillKey(), billKey)
  assert.match(seen, /^POST \/payment\/approval\/urlCallCardReg\.do HTTP\/1\.1\r\n/)
  assert.ok(!seen.includes('9001') && !seen.includes('900101'))
  assert.partialDeepStrictEqual(
    { ...openBody(JSON.parse(bodyOf(seen)).EncData, merchantKey) },
    {
      PayMethod: 'CARDBILLKEY',
      SecureType: 'S2',
      Moid: 'CARD0001',
      CardType: '0',
      CardNum: '5239000000009001',
      CardExpire: '2912',
      BuyerAuthNum: '900101',
      CardPwd: '12',
    },
  )
})

const outcomes: readonly (readonly [string, Record<string, unknown>])[] = [
  ['S607', { outcome: 'not_issued', reason: 'bill_key_card_unverified' }],
  ['S901', { outcome: 'unknown', cause: 'overloaded' }],
  ['S999', { outcome: 'unknown', cause: 'gateway_error' }],
]
for (const [code, expected] of outcomes)
  test(`${code} is ${Object.values(expected).join(' ')}`, async (t) => {
    const body = JSON.stringify({ ResultCode: code, ResultMsg: '결과' })
    assert.partialDeepStrictEqual(await registerBillKey(merchantAt(await answeringWith(t, { body })), card), expected)
  })

test('an answer for another customer is rejected', async (t) => {
  const body = JSON.stringify(issuedFields({ MallUserId: 'user0002' }))
  const result = await registerBillKey(merchantAt(await answeringWith(t, { body })), card)
  assert.partialDeepStrictEqual(result, { outcome: 'rejected', reason: 'customer_differs' })
})

test('an invalid card is named by its field, without its number', async () => {
  const rejected = registerBillKey(merchantAt('http://127.0.0.1:1'), { ...card, cardNumber: '523900000000900x' })
  await assert.rejects(rejected, (error) => error instanceof FieldError && !error.message.includes('5239'))
})
