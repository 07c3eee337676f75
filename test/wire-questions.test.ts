import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  abortResult,
  approvalResult,
  type FieldTable,
  memberDeletionRequest,
  memberDeletionResult,
  paymentRequest,
  readMessage,
} from '@sspay/protocol'

/** Where the guide names two lengths: what we write, and what we still read. */
const lengths: readonly (readonly [
  question: string,
  table: FieldTable,
  field: string,
  written: number,
  read: number,
])[] = [
  ['Q08', paymentRequest, 'SspMallId', 10, 20],
  ['Q09', paymentRequest, 'BuyerTel', 40, 40],
  ['Q10', paymentRequest, 'BuyerEmail', 60, 60],
  ['Q11', paymentRequest, 'EncodingType', 6, 14],
  ['Q12', paymentRequest, 'Moid', 40, 40],
  ['Q12', approvalResult, 'Moid', 100, 100],
  ['Q12', abortResult, 'Moid', 40, 40],
  ['Q13', approvalResult, 'AuthDate', 12, 12],
  ['Q22', paymentRequest, 'EncryptData', 44, 100],
  ['Q30', paymentRequest, 'TaxCd', 1, 2],
  ['Q33', paymentRequest, 'MallReserved', 500, 500],
  ['Q33', memberDeletionRequest, 'MallReserved', 100, 100],
  ['Q33', memberDeletionResult, 'MallReserved', 500, 500],
  ['Q50', memberDeletionResult, 'ResultCode', 10, 10],
  ['Q50', memberDeletionResult, 'ResultMsg', 80, 80],
  ['Q60', paymentRequest, 'ReturnUrl', 100, 200],
  ['Q60', paymentRequest, 'StopUrl', 100, 200],
  ['Q57', paymentRequest, 'UserIp', 20, 20],
]

for (const [question, table, wireName, written, read] of lengths) {
  test(`${question}: ${wireName} is written up to ${written} and read up to ${read}`, () => {
    const format = table[wireName]?.format
    assert.deepEqual([format?.maxLength, format?.toleratedLength ?? format?.maxLength], [written, read])
  })
}

test('Q01, Q15: MallReserved may be absent, PopCheck may not', () => {
  const reading = readMessage(paymentRequest, {})
  const missing = reading.ok ? [] : reading.problems.map(({ field }) => field)
  assert.deepEqual([missing.includes('MallReserved'), missing.includes('PopCheck')], [false, true])
})
