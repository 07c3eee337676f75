import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBillKeyForm, defineMerchant, FieldError, UnwritableTextError } from '../src/index.ts'
import { config } from './samples.ts'

const merchant = defineMerchant({ ...config, environment: 'production' })
const registration = {
  orderId: 'ORD0001',
  customerId: 'user0001',
  returnUrl: 'https://shop.example/card',
  requestedAt: new Date('2025-01-02T03:04:05+09:00'),
}

test('the form has the fields of the public page, and its checksum is the vector', () => {
  const form = createBillKeyForm(merchant, {
    ...registration,
    buyerName: '홍길동 & co',
    merchantNote: '예비 note',
    skipsPaymentPassword: true,
  })
  assert.equal(form.action, 'https://mpay.smartropay.co.kr/ssb/interface.do')
  assert.deepEqual(form.fields, {
    PayMethod: 'CARD',
    Mid: 'ssptest01m',
    Moid: 'ORD0001',
    SspMallId: 'SSPTEST00p',
    MallUserId: 'user0001',
    ReturnUrl: 'https://shop.example/card',
    EdiDate: '20250102030405',
    VerifyValue: 'lah0gBQBCEkhejIiqYR64IDrzVBBrmRsgKqtw5uSyN0=',
    BuyerName: '홍길동 & co',
    IsPwdPass: 'Y',
    SecureType: 'S2',
    MallReserved: '7JiI67mEIG5vdGU=',
  })
  assert.match(form.html(), /<input type="hidden" name="BuyerName" value="홍길동 &amp; co">/)
  assert.doesNotMatch(form.html(), new RegExp(merchant.exposeMerchantKey().slice(0, 32).replace(/[+/]/g, '.')))
})

test('the date is that of the merchant when the shop gives none', () => {
  const now = () => new Date('2025-01-02T03:04:05+09:00')
  const { requestedAt: _date, ...given } = registration
  const { fields } = createBillKeyForm(defineMerchant({ ...config, now }), given)
  assert.equal(fields.EdiDate, '20250102030405')
})

test('an invalid field is named', () => {
  assert.throws(() => createBillKeyForm(merchant, { ...registration, orderId: 'no blanks' }), FieldError)
  assert.throws(
    () => createBillKeyForm(merchant, { ...registration, buyerName: '😀', answerCharset: 'euc-kr' }),
    UnwritableTextError,
  )
})
