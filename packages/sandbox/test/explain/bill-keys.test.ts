import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireText } from '@sspay/protocol'
import { encryptBody, encryptText } from '@sspay/protocol/sealed-body'
import {
  billKeyChargeChecksum,
  billKeyDeletionChecksum,
  billKeyRequestChecksum,
  billKeyResultChecksum,
} from '@sspay/protocol/signature'
import { testMerchant } from '../../src/test-merchant.ts'
import { run } from '../command-line/support.ts'

const { merchantId, easyPayMerchantId } = testMerchant
const merchantKey = testMerchant.merchantKey.expose()
const billKey = 'BTK0C8V7B6N5M4K3J2H1G0F9D8SA'
const EdiDate = '20250102030405'
const maskedCardNumber = '9406-****-****-0001'

const request = {
  PayMethod: 'CARD',
  Mid: merchantId,
  Moid: 'CARD-1',
  SspMallId: easyPayMerchantId,
  MallUserId: 'user0001',
  ReturnUrl: 'https://shop.example/registered',
  EdiDate,
  VerifyValue: billKeyRequestChecksum({ requestedAt: EdiDate, merchantId, orderId: 'CARD-1' }),
}
const charge = {
  BillTokenKey: billKey,
  Mid: merchantId,
  Moid: 'CYCLE-1',
  EdiDate,
  Amt: '9900',
  MallUserId: 'user0001',
  GoodsName: 'monthly',
  GoodsCnt: '1',
  BuyerName: '홍길동',
  VerifyValue: billKeyChargeChecksum({ billKey, merchantId, amount: '9900' }),
}
const deletion = {
  Mid: merchantId,
  SspMallId: easyPayMerchantId,
  MallUserId: 'user0001',
  ServiceType: 'CD',
  BillTokenKey: billKey,
  EdiDate,
  VerifyValue: billKeyDeletionChecksum({ merchantId, easyPayMerchantId, billKey }),
}
const result = {
  PayMethod: 'CARD',
  Mid: merchantId,
  Moid: 'CARD-1',
  MallUserId: 'user0001',
  BillTokenKey: encryptText(billKey, merchantKey),
  ResultCode: '3001',
  ResultMsg: '빌링키 발급 성공',
  DisplayCardNo: maskedCardNumber,
  VerifyValue: billKeyResultChecksum({ merchantId, billKey, maskedCardNumber, resultCode: '3001' }),
}

const envelope = (inner: WireText): WireText => ({ EncData: encryptBody(inner, merchantKey), Mid: merchantId })
const explain = (fields: WireText) =>
  run(['--lang', 'en', 'explain', '--json', '--sandbox'], { input: JSON.stringify(fields) })

const messages: readonly (readonly [string, WireText])[] = [
  ['billKeyRequest', request],
  ['billKeyChargeRequest', charge],
  ['billKeyDeletionRequest', deletion],
  ['billKeyResult', result],
]

for (const [message, fields] of messages) {
  test(`${message} is recognised, and its VerifyValue right`, async () => {
    const { output } = await explain(fields)
    assert.equal(JSON.parse(output).message, message)
    assert.match(output, /VerifyValue is right/)
  })

  test(`${message} with a wrong VerifyValue is explained without the key`, async () => {
    const { exitCode, output } = await explain({ ...fields, VerifyValue: `${'x'.repeat(43)}=` })
    assert.equal(exitCode, 1)
    assert.match(output, /VerifyValue matches no known mistake/)
    assert.doesNotMatch(output.replaceAll(String(fields.BillTokenKey), ''), new RegExp(billKey))
  })
}

test('an encrypted charge is decrypted, and its VerifyValue explained', async () => {
  const { output } = await explain(envelope(charge))
  assert.equal(JSON.parse(output).inside.message, 'billKeyChargeRequest')
  assert.match(output, /EncData opens.*VerifyValue is right/)
})

test('a result of another merchant does not decrypt, and says so', async () => {
  const other = { ...result, BillTokenKey: encryptText(billKey, 'x1'.repeat(44)) }
  assert.match((await explain(other)).output, /BillTokenKey does not decrypt with this MerchantKey/)
})
