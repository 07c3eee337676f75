import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeForm, encodeForm, guessFormCharset } from '../src/charset.ts'
import { memberDeletionRequest, paymentRequest, readMessage, sealedEnvelope } from '../src/index.ts'
import { encryptText, openBody } from '../src/sealed-body.ts'
import { deletionChecksum, signatureMatches, signPaymentRequest } from '../src/signature.ts'
import bodies from '../vectors/sealed-bodies.json' with { type: 'json' }
import signatures from '../vectors/signatures.json' with { type: 'json' }

const { MerchantKey } = signatures
const EncryptData = signatures.signatures[0]?.expected ?? assert.fail()

/** Guide, STEP 2: the inputs of the sample form in its order, with only keys, signature and addresses filled in. */
const sampleInputs: readonly (readonly [name: string, value: string])[] = [
  ['PayMethod', 'CARD'],
  ['GoodsCnt', '1'],
  ['GoodsName', '거래 상품명'],
  ['Amt', '1004'],
  ['Moid', 'Moid_20210118154643'],
  ['Mid', 'ssptest01m'],
  ['PopCheck', 'N'],
  ['ReturnUrl', 'https://shop.example/return'],
  ['MallUserId', 'MallUserId'],
  ['SspMallId', 'SMTSSPAY0p'],
  ['BuyerName', '구매자명'],
  ['BuyerTel', '01099991111'],
  ['BuyerEmail', 'noname@smartro.co.kr'],
  ['MallIp', '10.0.0.1'],
  ['UserIp', '10.0.0.1'],
  ['ReturnUrl', 'https://shop.example/return'],
  ['EncryptData', EncryptData],
  ['TransType', '0'],
  ['EncodingType', ''],
  ['EdiDate', '20250102030405'],
  ['StopUrl', 'https://shop.example/stop'],
]

for (const charset of ['utf-8', 'euc-kr'] as const) {
  test(`the guide's sample form is read as it stands, posted in ${charset}`, () => {
    const body = Buffer.from(sampleInputs.map(([name, value]) => encodeForm({ [name]: value }, charset)).join('&'))
    assert.equal(guessFormCharset(body, 'application/x-www-form-urlencoded'), charset)
    const { fields, repeated } = decodeForm(body, charset)
    assert.deepEqual(repeated, [])
    assert.deepEqual(readMessage(paymentRequest, fields), {
      ok: true,
      value: {
        paymentMethod: 'CARD',
        goodsCount: 1,
        goodsName: '거래 상품명',
        amount: 1004,
        orderId: 'Moid_20210118154643',
        merchantId: 'ssptest01m',
        asksPopCard: false,
        returnUrl: 'https://shop.example/return',
        abortUrl: 'https://shop.example/stop',
        customerId: 'MallUserId',
        easyPayMerchantId: 'SMTSSPAY0p',
        buyerName: '구매자명',
        buyerPhone: '01099991111',
        buyerEmail: 'noname@smartro.co.kr',
        merchantIp: '10.0.0.1',
        buyerIp: '10.0.0.1',
        signature: EncryptData,
        transactionType: '0',
        requestedAt: new Date('2025-01-02T03:04:05+09:00'),
      },
      unknownFields: {},
      ignored: [],
    })
  })
}

test('its signature is that of STEP 1', () => {
  const signed = { requestedAt: '20250102030405', merchantId: 'ssptest01m', amount: '1004' }
  assert.ok(signatureMatches(EncryptData, signPaymentRequest(signed, MerchantKey)))
})

test("the guide's deletion is read: org.json's key order and escapes, lines of commons-codec", () => {
  const VerifyValue = 'UfJKHErpKwTGkPoQVg2tn9J0F4dBO0PpRP5X9Ifx650='
  const json = `{"ServiceType":"MD","VerifyValue":"${VerifyValue}","MallUserId":"user0001","Mid":"ssptest01m","MallReserved":"<\\/b>","SspMallId":"SSPTEST00p"}`
  const EncData = encryptText(json, bodies.MerchantKey).replace(/.{76}/g, '$&\r\n')
  const envelope = readMessage(sealedEnvelope, { EncData, Mid: 'ssptest01m' })
  assert.ok(envelope.ok)
  const read = readMessage(memberDeletionRequest, openBody(envelope.value.sealedBody, MerchantKey) ?? {})
  assert.ok(read.ok)
  assert.equal(read.value.deletionChecksum, deletionChecksum(read.value))
  assert.deepEqual(read.value, {
    merchantId: 'ssptest01m',
    easyPayMerchantId: 'SSPTEST00p',
    customerId: 'user0001',
    serviceType: 'MD',
    deletionChecksum: VerifyValue,
    merchantNote: '</b>',
  })
})
