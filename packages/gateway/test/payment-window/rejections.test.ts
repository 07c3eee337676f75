import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type FieldTable, paymentRequest } from '@sspay/protocol'
import { encodeForm } from '@sspay/protocol/charset'
import { inPlaceRequest } from '@sspay/protocol/internal'
import { signPaymentRequestLegacy } from '@sspay/protocol/signature'
import iconv from 'iconv-lite'
import { listPayments } from '../../src/approval/store.ts'
import { Buyer, openWindowFixture, post, type WindowFixture } from './buyer.ts'
import { merchantKey, requestForm } from './request-form.ts'

const listed = { allowedOrigins: ['https://shop.example'] }
let fixture: WindowFixture

before(async () => {
  fixture = await openWindowFixture()
})
after(() => fixture.close())

interface Rejection {
  readonly code: string
  readonly fields: readonly { readonly field: string; readonly rule: string; readonly maxLength: number }[]
}

/** Posts the form and checks the common parts of a rejection. */
async function rejectionOf(form: Record<string, string> | string, other: WindowFixture = fixture): Promise<Rejection> {
  const { context, app, lines } = other
  const stored = (await listPayments(context, { limit: 500 })).length
  const rejectionsLogged = () => lines.filter((line) => line.includes('"event":"payment_request_rejected"')).length
  const logged = rejectionsLogged()
  const answer = await app.request('/ssp/reqPay.do', post(form))
  const text = await answer.text()
  assert.equal(answer.status, 400, text.slice(0, 200))
  const rejection: Rejection = JSON.parse(/data-rejection>(.*?)<\/script>/s.exec(text)?.[1] ?? '{}')
  assert.equal(answer.headers.get('x-sspay-result'), rejection.code)
  assert.match(text, /결제를 시작할 수 없어요/)
  for (const { field } of rejection.fields)
    assert.equal(text.split(field).length >= 3, true, `${field} in both languages`)
  assert.equal((await listPayments(context, { limit: 500 })).length, stored, 'nothing is stored')
  assert.equal(rejectionsLogged(), logged + 1, 'one log line')
  return rejection
}

const at = (name: string): number => paymentRequest[name as keyof typeof paymentRequest].format.maxLength
const toleratedAt = (name: string): number => {
  const { maxLength, toleratedLength } = paymentRequest[name as keyof typeof paymentRequest].format
  return toleratedLength ?? maxLength
}

describe('each field', () => {
  for (const [name, field] of Object.entries<FieldTable[string]>(inPlaceRequest)) {
    if (field.isInformative) continue
    const cases: Readonly<Record<string, string | undefined>> = {
      ...(field.required ? { absent: undefined, empty: '' } : {}),
      'max + 1': '1'.repeat(toleratedAt(name) + 1),
      'a NUL': 'a\0b',
      'a line break': 'a\r\nb',
    }
    for (const [problem, value] of Object.entries(cases)) {
      test(`${name}: ${problem}`, async () => {
        const { [name]: _replaced, ...form } = requestForm()
        const { code, fields } = await rejectionOf(value === undefined ? form : { ...form, [name]: value })
        assert.equal(code, 'S001')
        assert.deepEqual(
          fields.map((one) => [one.field, one.maxLength]),
          [[name, at(name)]],
        )
      })
    }
  }

  for (const { field, value } of [
    { field: 'Amt', value: '1e3' },
    { field: 'Amt', value: '1,000' },
    { field: 'Amt', value: '-1004' },
    { field: 'Amt', value: '01004' },
    { field: 'Amt', value: '1234567890123' },
    { field: 'MallUserId', value: '한글' },
    { field: 'MallUserId', value: 'user😀' },
    { field: 'Moid', value: 'a b' },
    { field: 'GoodsCnt', value: '0' },
    { field: 'BuyerTel', value: '😀' },
    { field: 'BuyerEmail', value: 'a b@c' },
    { field: 'ReturnUrl', value: 'javascript:alert(1)' },
    { field: 'ReturnUrl', value: '/return' },
    { field: 'ReturnUrl', value: 'https://user:pass@shop.example/' },
    { field: 'StopUrl', value: 'data:text/html,x' },
    { field: 'EdiDate', value: '20250231000000' },
    { field: 'CardQuota', value: '01' },
    { field: 'PopCheck', value: 'y' },
    { field: 'PayMethod', value: 'GOLD' },
    { field: 'EncodingType', value: 'latin1' },
    { field: 'TaxAmt', value: '1.5' },
  ]) {
    test(`${field}: ${value}`, async () => {
      const { code, fields } = await rejectionOf({ ...requestForm(), [field]: value })
      assert.equal(code, 'S001')
      assert.deepEqual(
        fields.map((one) => one.field),
        [field],
      )
    })
  }

  test('multibyte text is counted in characters: forty are taken, forty-one are not', async () => {
    const window = new Buyer(fixture)
    await window.open(requestForm({ goodsName: `${'가'.repeat(39)}😀` }))
    assert.equal(window.page.step, 'terms')
    const { fields } = await rejectionOf({ ...requestForm(), GoodsName: '가'.repeat(41) })
    assert.deepEqual(fields, [{ field: 'GoodsName', rule: 'too_long', maxLength: 40 }])
  })

  test('every wrong field is named at once', async () => {
    const { fields } = await rejectionOf('Mid=ssptest01m&Amt=1%2C000&SspMallId=SSPTEST00p')
    assert.ok(fields.length >= 12)
  })
})

describe('rules across fields', () => {
  const day = 24 * 60 * 60_000
  const now = new Date('2025-01-02T03:04:05+09:00').getTime()
  for (const { name, form, code, fields } of [
    {
      name: 'a wrong signature',
      form: requestForm({ signature: 'x'.repeat(44) }),
      code: 'S002',
      fields: ['EncryptData', 'EdiDate', 'Mid', 'Amt'],
    },
    {
      name: 'an amount changed after signing',
      form: { ...requestForm(), Amt: '1005' },
      code: 'S002',
      fields: ['EncryptData', 'EdiDate', 'Mid', 'Amt'],
    },
    {
      name: 'a stale time',
      form: requestForm({ requestedAt: new Date(now - day - 1000) }),
      code: 'S003',
      fields: ['EdiDate'],
    },
    {
      name: 'a future time',
      form: requestForm({ requestedAt: new Date(now + 601_000) }),
      code: 'S004',
      fields: ['EdiDate'],
    },
    { name: 'an unknown merchant', form: requestForm({ merchantId: 'nobody001m' }), code: 'S005', fields: ['Mid'] },
    {
      name: 'a foreign mall',
      form: requestForm({ easyPayMerchantId: 'SSPOTHER0p' }),
      code: 'S006',
      fields: ['SspMallId', 'Mid'],
    },
    { name: 'nothing to pay', form: requestForm({ amount: 0 }), code: 'S007', fields: ['Amt'] },
    { name: '99 won', form: requestForm({ amount: 99 }), code: 'S007', fields: ['Amt'] },
    {
      name: 'a tax split that does not add up',
      form: requestForm({ taxableAmount: 900, vatAmount: 90 }),
      code: 'S008',
      fields: ['TaxAmt', 'VatAmt', 'TaxFreeAmt', 'Amt'],
    },
    { name: 'an issuer nobody may choose', form: requestForm({ issuerCode: '55' }), code: 'S009', fields: ['FnCd'] },
    { name: 'an issuer nobody knows', form: requestForm({ issuerCode: '99' }), code: 'S009', fields: ['FnCd'] },
    {
      name: 'instalments below 50,000 won',
      form: requestForm({ amount: 49_999, installmentMonths: 2 }),
      code: 'S013',
      fields: ['CardQuota', 'Amt'],
    },
    {
      name: 'a name that EUC-KR cannot write',
      form: requestForm({ buyerName: '홍길동😀', answerCharset: 'euc-kr' }),
      code: 'S014',
      fields: ['BuyerName'],
    },
  ]) {
    test(`${name} is ${code}`, async () => {
      const rejection = await rejectionOf(form)
      assert.equal(rejection.code, code)
      assert.deepEqual(
        rejection.fields.map((one) => one.field),
        fields,
      )
    })
  }

  for (const { name, form } of [
    { name: 'exactly 24 hours old', form: requestForm({ requestedAt: new Date(now - day) }) },
    { name: 'exactly 10 minutes ahead', form: requestForm({ requestedAt: new Date(now + 600_000) }) },
    { name: '100 won', form: requestForm({ amount: 100 }) },
    { name: 'a tax split that adds up', form: requestForm({ taxableAmount: 900, vatAmount: 90, taxFreeAmount: 14 }) },
    { name: 'unknown fields', form: { ...requestForm(), Whatever: '한글', __proto__x: '1' } },
    { name: 'an unknown skin', form: { ...requestForm(), SkinColor: 'PINK' } },
    {
      name: 'the guide’s own empty EncodingType and its TransType',
      form: { ...requestForm({ merchantNote: undefined }), EncodingType: '', TransType: '0' },
    },
  ]) {
    test(`${name} is taken`, async () => {
      const window = new Buyer(fixture)
      await window.open(form)
      assert.equal(window.page.step, 'terms')
    })
  }
})

describe('forms as shops really send them', () => {
  test('the same ReturnUrl twice is one, two different ones are rejected', async () => {
    const form = new URLSearchParams(requestForm())
    const window = new Buyer(fixture)
    await window.open(`${form}&ReturnUrl=${encodeURIComponent(form.get('ReturnUrl') ?? '')}`)
    assert.equal(window.page.step, 'terms')
    const { fields } = await rejectionOf(`${form}&ReturnUrl=${encodeURIComponent('https://other.example/')}`)
    assert.deepEqual(
      fields.map(({ field, rule }) => [field, rule]),
      [['ReturnUrl', 'repeated']],
    )
  })

  test('EUC-KR arrives right, with and without a word about it', async () => {
    const form = requestForm({ goodsName: '똠방각하 뷁', answerCharset: 'euc-kr' })
    const body = encodeForm(form, 'euc-kr')
    assert.ok(iconv.decode(Buffer.from(body), 'latin1').includes('GoodsName=%8C'))
    for (const type of ['application/x-www-form-urlencoded', 'application/x-www-form-urlencoded; charset=euc-kr']) {
      const window = new Buyer(fixture)
      await window.open(body, { 'content-type': type })
      assert.match(window.page.text, /똠방각하 뷁/)
    }
  })

  test('a merchant key in the form is reported, and stored nowhere', async () => {
    const window = new Buyer(fixture)
    await window.open({ ...requestForm(), merchantKey })
    assert.equal(window.page.step, 'terms')
    assert.ok(fixture.lines.some((line) => line.includes('merchant_key_leaked')))
    await rejectionOf({ ...requestForm(), MerchantKey: merchantKey, Amt: '0' })
    assert.equal(fixture.lines.join().includes(merchantKey), false)
    assert.equal((await fixture.readStoredBytes()).includes(merchantKey), false)
    assert.equal(window.page.text.includes(merchantKey), false)
  })

  test('the legacy signature counts where the merchant allows it', async () => {
    const wire = requestForm()
    const signed = { requestedAt: `${wire.EdiDate}`, merchantId: `${wire.Mid}`, amount: `${wire.Amt}` }
    const form = { ...wire, EncryptData: signPaymentRequestLegacy(signed, merchantKey) }
    assert.equal((await rejectionOf(form)).code, 'S002')
    await using old = await openWindowFixture({ acceptsLegacySignature: true })
    const window = new Buyer(old)
    await window.open(form)
    assert.equal(window.page.step, 'terms')
  })

  test('a rejection in the layer can be framed there, with a way to close it', async () => {
    const headers = { origin: 'https://www.shop.example' }
    const answer = await fixture.app.request(
      '/ssp/reqPay.do',
      post({ ...requestForm(), Amt: 'x', SspReturn: 'message' }, headers),
    )
    assert.match(answer.headers.get('content-security-policy') ?? '', /frame-ancestors https:\/\/www\.shop\.example;/)
    assert.match(await answer.text(), /data-close/)
  })

  test('a body above the limit and a plain visit are answered with a page', async () => {
    const large = await fixture.app.request('/ssp/reqPay.do', post({ GoodsName: 'x'.repeat(70_000) }))
    assert.equal(large.status, 413)
    assert.equal(large.headers.get('x-sspay-result'), 'S011')
    assert.equal((await fixture.app.request('/ssp/reqPay.do')).status, 400)
  })

  test('outside the sandbox the shop’s addresses are https', async () => {
    await using strict = await openWindowFixture(listed, { settings: { isSandbox: false } })
    const { fields } = await rejectionOf(requestForm({ returnUrl: 'http://shop.example/' }), strict)
    assert.deepEqual(
      fields.map(({ field }) => field),
      ['ReturnUrl'],
    )
    const window = new Buyer(strict)
    await window.open()
    assert.equal(window.page.text.includes('테스트 결제'), false)
  })

  test('a rejected form leaves no phone, mail or name in the log', async () => {
    await rejectionOf({ ...requestForm({ buyerPhone: '010-8765-4321', buyerEmail: 'canary@example.com' }), Amt: 'x' })
    const line = fixture.lines.at(-1) ?? ''
    for (const canary of ['8765', 'canary@', '홍길동']) assert.equal(line.includes(canary), false, canary)
    assert.match(line, /"problems":"Amt:malformed"/)
  })
})
