import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyCharacter } from '../../../test/support/any-character.ts'
import {
  billKeyChargeChecksum,
  billKeyDeletionChecksum,
  billKeyRequestChecksum,
  billKeyResultChecksum,
  deletionChecksum,
  signatureMatches,
  signCancelRequest,
  signPaymentRequest,
  signPaymentRequestLegacy,
  signResult,
} from '../src/signature.ts'
import vectors from '../vectors/signatures.json' with { type: 'json' }

const { MerchantKey } = vectors

type Fields = Readonly<Record<string, string>>
const at = (fields: Fields, wireName: string): string => fields[wireName] ?? assert.fail(`${wireName} is missing`)

const payment = (fields: Fields) => ({
  requestedAt: at(fields, 'EdiDate'),
  merchantId: at(fields, 'Mid'),
  amount: at(fields, 'Amt'),
})

/** VerifyValue is another one in each message. */
const checksums: Readonly<Record<string, (fields: Fields) => string>> = {
  'Mid + SspMallId + MallUserId': (fields) =>
    deletionChecksum({
      merchantId: at(fields, 'Mid'),
      easyPayMerchantId: at(fields, 'SspMallId'),
      customerId: at(fields, 'MallUserId'),
    }),
  'EdiDate + Mid + Moid + "SMARTRO!@#"': (fields) =>
    billKeyRequestChecksum({
      requestedAt: at(fields, 'EdiDate'),
      merchantId: at(fields, 'Mid'),
      orderId: at(fields, 'Moid'),
    }),
  'Mid + BillTokenKey + DisplayCardNo + ResultCode + "SMARTRO!@#"': (fields) =>
    billKeyResultChecksum({
      merchantId: at(fields, 'Mid'),
      billKey: at(fields, 'BillTokenKey'),
      maskedCardNumber: at(fields, 'DisplayCardNo'),
      resultCode: at(fields, 'ResultCode'),
    }),
  'BillTokenKey + Mid + Amt': (fields) =>
    billKeyChargeChecksum({
      billKey: at(fields, 'BillTokenKey'),
      merchantId: at(fields, 'Mid'),
      amount: at(fields, 'Amt'),
    }),
  'Mid + SspMallId + BillTokenKey': (fields) =>
    billKeyDeletionChecksum({
      merchantId: at(fields, 'Mid'),
      easyPayMerchantId: at(fields, 'SspMallId'),
      billKey: at(fields, 'BillTokenKey'),
    }),
}

const signers: Readonly<Record<string, (fields: Fields, key: string) => string>> = {
  'EncryptData sha256Base64': (fields, key) => signPaymentRequest(payment(fields), key),
  'EncryptData md5HexBase64': (fields, key) => signPaymentRequestLegacy(payment(fields), key),
  'HashData sha256Base64': (fields, key) =>
    signCancelRequest(
      {
        transactionId: at(fields, 'Tid'),
        cancelAmount: at(fields, 'CancelAmt'),
        scope: at(fields, 'PartialCancelCode') === '0' ? '0' : '1',
      },
      key,
    ),
  'SignValue sha256Base64': (fields, key) =>
    signResult({ transactionId: at(fields, 'Tid'), resultCode: at(fields, 'ResultCode') }, key),
}

for (const { name, field, algorithm, input, fields, expected } of vectors.signatures) {
  const sign = signers[`${field} ${algorithm}`] ?? checksums[input] ?? assert.fail(name)

  test(`vector: ${name}`, () => assert.equal(sign(fields as Fields, MerchantKey), expected))

  test(`changes with every part: ${name}`, () => {
    const takesKey = field !== 'VerifyValue'
    if (takesKey) assert.notEqual(sign(fields as Fields, `${MerchantKey}x`), expected)
    for (const [wireName, value] of Object.entries(fields)) {
      const changed = value === '0' ? '1' : `${value.slice(0, -1)}${value.endsWith('0') ? '1' : '0'}`
      assert.notEqual(sign({ ...fields, [wireName]: changed } as Fields, MerchantKey), expected, wireName)
    }
  })
}

test('a payment signature changes when any signed part changes', () => {
  const part = fc.string({ unit: fc.constantFrom(...'0123456789abcdefXYZ'), minLength: 10, maxLength: 10 })
  fc.assert(
    fc.property(fc.tuple(part, part, part, part), fc.nat(3), part, (parts, index, other) => {
      fc.pre(parts[index] !== other)
      const sign = ([requestedAt, merchantId, amount, key]: readonly string[]): string =>
        signPaymentRequest(
          { requestedAt: requestedAt ?? '', merchantId: merchantId ?? '', amount: amount ?? '' },
          key ?? '',
        )
      assert.notEqual(sign(parts), sign(parts.with(index, other)))
    }),
  )
})

test('signatures match only themselves, at any length', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), fc.string(), (given, other) => {
      assert.equal(signatureMatches(given, given), true)
      assert.equal(signatureMatches(given, `${given}${other}`), other === '')
    }),
  )
})
