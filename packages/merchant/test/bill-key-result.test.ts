import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'
import { billKeyResult, type ResultReason, resultCodes, type WireText } from '@sspay/protocol'
import { encodeForm } from '@sspay/protocol/charset'
import { encryptText } from '@sspay/protocol/sealed-body'
import fc from 'fast-check'
import { anyWireText } from '../../protocol/test/tables.ts'
import { defineMerchant, type ReadBillKeyResult, readBillKeyResult, readBillKeyResultFields } from '../src/index.ts'
import { billKey, expectedKey, issuedFields } from './bill-keys.ts'
import { config, merchantKey } from './samples.ts'

const merchant = defineMerchant(config)
const read = (fields: WireText): ReadBillKeyResult => readBillKeyResultFields(merchant, fields, expectedKey)

const posted = (body: string): Promise<ReadBillKeyResult> => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const request = new Request('https://shop.example/card', { method: 'POST', headers, body })
  return readBillKeyResult(merchant, request, expectedKey)
}

test('an issued key is decrypted and verified, and printing it does not show it', () => {
  const result = read(issuedFields())
  assert.ok(result.outcome === 'issued')
  assert.equal(result.exposeBillKey(), billKey)
  assert.partialDeepStrictEqual(result, {
    maskedCardNumber: '5239-****-****-9001',
    issuerCode: '06',
    issuerName: '신한',
    cardExpiry: '2912',
  })
  for (const text of [inspect(result), JSON.stringify(result)]) assert.ok(!text.includes(billKey), text)
})

for (const charset of ['utf-8', 'euc-kr'] as const)
  test(`the post of the window in ${charset}`, async () => {
    const result = await posted(encodeForm(issuedFields(), charset))
    assert.ok(result.outcome === 'issued')
    assert.equal(result.issuerName, '신한')
  })

for (const charset of ['utf-8', 'euc-kr'] as const)
  test(`values that are encoded once more, in ${charset}`, async () => {
    const encoded = Object.fromEntries(
      Object.entries(issuedFields()).map(([name, value]) => [name, encodeForm({ '': value }, charset).slice(1)]),
    )
    const result = await posted(encodeForm({ ...encoded, RtnUrlEncUse: 'Y' }, charset))
    assert.ok(result.outcome === 'issued', JSON.stringify(result))
    assert.equal(result.exposeBillKey(), billKey)
    assert.equal(result.issuerName, '신한')
  })

test('a service that echoes the wish for encoded values, but did not encode them', () => {
  assert.equal(read(issuedFields({ RtnUrlEncUse: 'Y' })).outcome, 'issued')
})

describe('what is not believed', () => {
  const rows: readonly (readonly [reason: string, changes: WireText])[] = [
    ['checksum_wrong', { VerifyValue: 'A'.repeat(44) }],
    ['checksum_wrong', { VerifyValue: undefined }],
    ['checksum_wrong', { DisplayCardNo: '5239-****-****-9002' }],
    ['checksum_wrong', { BillTokenKey: encryptText('BTK0000000000000002', merchantKey) }],
    ['bill_key_unreadable', { BillTokenKey: encryptText(billKey, merchantKey.replace('M', 'N')) }],
    ['bill_key_unreadable', { BillTokenKey: undefined }],
    ['order_differs', { Moid: 'CARD0002' }],
    ['order_differs', { Moid: undefined }],
    ['customer_differs', { MallUserId: 'user0002' }],
    ['merchant_differs', { Mid: 'ssptest02m' }],
    ['fields_wrong', { ResultCode: undefined }],
    ['fields_wrong', { DisplayCardNo: '<b>' }],
  ]
  for (const [reason, changes] of rows)
    test(`${Object.keys(changes)}: ${reason}`, () =>
      assert.partialDeepStrictEqual(read(issuedFields(changes)), { outcome: 'rejected', reason }))

  test('a field that was sent twice', async () => {
    const body = `${encodeForm(issuedFields(), 'utf-8')}&DisplayCardNo=1234-****-****-1234`
    assert.partialDeepStrictEqual(await posted(body), { outcome: 'rejected', reason: 'fields_wrong' })
  })
})

for (const reason of ['buyer_aborted', 'bill_key_card_registered'] as const satisfies readonly ResultReason[])
  test(`${reason}: no key`, () => {
    const { code, ko } = resultCodes[reason]
    const result = read({ ResultCode: code, ResultMsg: ko, BillTokenKey: issuedFields().BillTokenKey })
    assert.partialDeepStrictEqual(result, { outcome: 'not_issued', reason, code, message: { ko } })
  })

test('an unknown code is no key either, with the message of the service', () => {
  assert.partialDeepStrictEqual(read({ ResultCode: 'X999', ResultMsg: '카드사 점검' }), {
    outcome: 'not_issued',
    reason: 'unrecognized',
    message: { ko: '카드사 점검' },
  })
})

test('never throws, and issues nothing for fields that were not made with the keys', () => {
  fc.assert(
    fc.property(anyWireText(billKeyResult), (fields) => {
      assert.notEqual(read(fields).outcome, 'issued')
      assert.notEqual(read(issuedFields({ BillTokenKey: '', ...fields })).outcome, 'issued')
    }),
  )
})
