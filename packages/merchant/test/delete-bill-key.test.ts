import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBody } from '@sspay/protocol/sealed-body'
import { deleteBillKey, FieldError } from '../src/index.ts'
import { billKey } from './bill-keys.ts'
import { answering, answeringWith, bodyOf, httpAnswer } from './loopback.ts'
import { merchantAt, merchantKey } from './samples.ts'

const key = { billKey, customerId: 'user0001' }
const answerOf = (code: string): string => JSON.stringify({ ResultCode: code, ResultMsg: '결과' })

test('the envelope holds what the public page asks for, encrypted', async (t) => {
  let seen = ''
  const origin = await answering(t, (socket, request) => {
    seen = request
    socket.end(httpAnswer({ body: answerOf('PD00') }))
  })
  const now = () => new Date('2025-01-02T03:04:05+09:00')
  assert.equal((await deleteBillKey(merchantAt(origin, { now }), key)).outcome, 'deleted')
  assert.match(seen, /^POST \/payment\/approval\/ssbdel\.do HTTP\/1\.1\r\n/)
  const { EncData, ...clear } = JSON.parse(bodyOf(seen))
  assert.deepEqual(clear, { Mid: 'ssptest01m' })
  assert.deepEqual(
    { ...openBody(EncData, merchantKey) },
    {
      Mid: 'ssptest01m',
      SspMallId: 'SSPTEST00p',
      MallUserId: 'user0001',
      ServiceType: 'CD',
      BillTokenKey: billKey,
      EdiDate: '20250102030405',
      VerifyValue: 'NdB4clV6hEtDTFTrhGjBRMvVN6fmTeM8Dw2P553Ieto=',
    },
  )
})

const outcomes: readonly (readonly [string, Record<string, unknown>])[] = [
  ['S601', { outcome: 'rejected', reason: 'bill_key_unknown' }],
  ['S602', { outcome: 'rejected', reason: 'bill_key_deleted' }],
  ['S901', { outcome: 'unknown', cause: 'overloaded' }],
  ['S999', { outcome: 'unknown', cause: 'gateway_error' }],
  ['X999', { outcome: 'rejected', reason: 'unrecognized' }],
]
for (const [code, expected] of outcomes)
  test(`${code} is ${Object.values(expected).join(' ')}`, async (t) => {
    const merchant = merchantAt(await answeringWith(t, { body: answerOf(code) }))
    assert.partialDeepStrictEqual(await deleteBillKey(merchant, key), expected)
  })

test('an argument that breaks the table is rejected by its field', async () => {
  const merchant = merchantAt('http://127.0.0.1:1')
  await assert.rejects(deleteBillKey(merchant, { ...key, billKey: 'a b' }), FieldError)
})
