import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FieldTable, koreanTimestamp, paymentRequest, type WireText } from '@sspay/protocol'
import { encodeForm } from '@sspay/protocol/charset'
import {
  assertAccepted,
  assertRejected,
  context,
  lines,
  merchantKey,
  type Opened,
  open,
  post,
  rightForm,
  sign,
} from './payment-window/form-support.ts'

/** What each field allows beside the rules of all: none takes NUL, CRLF or more than its limit. */
interface Limits {
  readonly isRequired: boolean
  /** A right value of the longest length. */
  readonly longest: string
  readonly tooLong: string
  /** Undefined where every printable text is right. */
  readonly wrongAlphabet?: string
  readonly takesAnyText?: boolean
}

const letters = (length: number): string => 'a'.repeat(length)
const digits = (length: number): string => '9'.repeat(length)
const address = (length: number): string => `https://shop.example/${letters(length - 21)}`
const free = (length: number, isRequired = true): Limits => ({
  isRequired,
  longest: letters(length),
  tooLong: letters(length + 1),
  takesAnyText: true,
})

const limits: Readonly<Record<Exclude<keyof typeof paymentRequest, 'EncryptData' | 'Mid' | 'EdiDate'>, Limits>> = {
  PayMethod: { isRequired: true, longest: 'CARD', tooLong: 'CARDCARDCAR', wrongAlphabet: 'GOLD' },
  Amt: { isRequired: true, longest: digits(12), tooLong: digits(13), wrongAlphabet: '1,004' },
  Moid: { isRequired: true, longest: letters(40), tooLong: letters(41), wrongAlphabet: 'ORD 1' },
  MallUserId: { isRequired: true, longest: letters(20), tooLong: letters(21), wrongAlphabet: 'user-1' },
  GoodsName: free(40),
  GoodsCnt: { isRequired: true, longest: '99', tooLong: '100', wrongAlphabet: '0' },
  MallReserved: free(500, false),
  BuyerName: free(30),
  BuyerTel: { isRequired: false, longest: digits(40), tooLong: digits(41), wrongAlphabet: 'phone' },
  BuyerEmail: { isRequired: false, longest: `${letters(56)}@b.c`, tooLong: `${letters(57)}@b.c`, wrongAlphabet: 'a.b' },
  ReturnUrl: { isRequired: true, longest: address(200), tooLong: address(201), wrongAlphabet: 'javascript:alert(1)' },
  StopUrl: { isRequired: true, longest: address(200), tooLong: address(201), wrongAlphabet: '/stop' },
  SspMallId: { isRequired: true, longest: 'SSPTEST00p', tooLong: letters(21), wrongAlphabet: 'SSP-TEST00' },
  PopCheck: { isRequired: true, longest: 'Y', tooLong: 'YY', wrongAlphabet: 'X' },
  FnCd: { isRequired: false, longest: '06', tooLong: '006', wrongAlphabet: '0.' },
  CardQuota: { isRequired: false, longest: '12', tooLong: '012', wrongAlphabet: '01' },
  MallIp: {
    isRequired: false,
    longest: '1111:2222:3333:4:5:6',
    tooLong: '1111:2222:3333:4:5:67',
    wrongAlphabet: 'host',
  },
  UserIp: {
    isRequired: false,
    longest: '1111:2222:3333:4:5:6',
    tooLong: '1111:2222:3333:4:5:67',
    wrongAlphabet: 'host',
  },
  EncodingType: { isRequired: false, longest: 'EUC-KR', tooLong: 'utf8utf8utf8utf', wrongAlphabet: 'latin1' },
  SkinColor: { isRequired: false, longest: 'TURQUOISE0', tooLong: 'TURQUOISE01', wrongAlphabet: 'RE D' },
  TaxCd: { isRequired: false, longest: '1', tooLong: '111', wrongAlphabet: '.' },
  TaxAmt: { isRequired: false, longest: '', tooLong: digits(10), wrongAlphabet: '-1' },
  TaxFreeAmt: { isRequired: false, longest: '', tooLong: digits(10), wrongAlphabet: '1e3' },
  VatAmt: { isRequired: false, longest: '', tooLong: digits(10), wrongAlphabet: '1.0' },
  TransType: { isRequired: false, longest: '1', tooLong: '00', wrongAlphabet: ' ' },
}

test('the form that every case starts from is right', async () => assertAccepted(await open(rightForm)))

for (const [field, { isRequired, longest, tooLong, wrongAlphabet, takesAnyText = false }] of Object.entries(limits)) {
  const given = (text: string | undefined) => open({ ...rightForm, [field]: text })
  const { format, isInformative = false }: FieldTable[string] = paymentRequest[field as keyof typeof paymentRequest]
  const assertRefused = (opened: Opened): void =>
    isInformative ? assertAccepted(opened) : assertRejected(opened, 'S001', field)
  const rejects = async (text: string | undefined) => assertRefused(await given(text))
  const rejected = isInformative ? 'left out' : 'rejected'

  test(`${field}: absent or empty is ${isRequired ? 'rejected' : 'accepted'}`, async () => {
    for (const text of [undefined, '']) {
      if (isRequired) await rejects(text)
      else assertAccepted(await given(text))
    }
  })

  test(`${field}: the longest is accepted, one more is ${rejected} with its limit`, async () => {
    assertAccepted(await given(longest))
    const opened = await given(tooLong)
    assertRefused(opened)
    assert.ok(
      isInformative || opened.page.includes(String(format.maxLength)),
      `the page names the limit ${format.maxLength}`,
    )
  })

  test(`${field}: control characters and line breaks are ${rejected}`, async () => {
    for (const text of [`${longest.slice(0, -1)}\0`, `${longest.slice(0, -2)}\r\n`, '\n']) await rejects(text)
  })

  test(`${field}: Hangul up to the limit and emoji are ${takesAnyText ? 'accepted' : rejected}`, async () => {
    for (const text of ['가'.repeat(format.maxLength), '😀']) {
      if (takesAnyText) assertAccepted(await given(text))
      else await rejects(text)
    }
  })

  if (wrongAlphabet !== undefined) test(`${field}: ${wrongAlphabet} is ${rejected}`, () => rejects(wrongAlphabet))
}

test('the three signed fields are rejected by their own rules before anything is compared', async () => {
  for (const [field, texts] of Object.entries({
    Mid: ['', undefined, 'ssptest01m1', 'ssp-test01', '\0', 'a\r\n', '가나다', '😀'],
    EdiDate: ['', undefined, '2025010203040', '202501020304055', '20250631000000', '2025-01-02', '\0', '가', '😀'],
    EncryptData: ['', undefined, 'x'.repeat(101), 'x\0', 'x\r\n'],
  })) {
    for (const text of texts) assertRejected(await open({ ...sign(rightForm), [field]: text }), 'S001', field)
  }
})

const minutesFromNow = (minutes: number): string =>
  koreanTimestamp(new Date(context.runtime.now().getTime() + minutes * 60_000))

const day = 24 * 60
const cases: readonly (readonly [string, WireText, string, ...string[]])[] = [
  [
    'a signature over another amount',
    { EncryptData: sign({ ...rightForm, Amt: '1004' }).EncryptData },
    'S002',
    'EncryptData',
  ],
  ['a signature in hexadecimal', { EncryptData: 'a'.repeat(64) }, 'S002', 'EncryptData'],
  ['a signature of Hangul and emoji', { EncryptData: '가😀' }, 'S002', 'EncryptData'],
  ['a stale EdiDate', { EdiDate: minutesFromNow(-day - 1) }, 'S003', 'EdiDate'],
  ['a future EdiDate', { EdiDate: minutesFromNow(11) }, 'S004', 'EdiDate'],
  ['an unknown Mid', { Mid: 'nobody0001' }, 'S005', 'Mid'],
  ['a foreign SspMallId', { SspMallId: 'SSPOTHER0p' }, 'S006', 'SspMallId'],
  ['amount 0', { Amt: '0' }, 'S007', 'Amt'],
  ['amount 99', { Amt: '99' }, 'S007', 'Amt'],
  ['amount 1e3', { Amt: '1e3' }, 'S001', 'Amt'],
  ['amount 1,000', { Amt: '1,000' }, 'S001', 'Amt'],
  ['amount with a leading zero', { Amt: '01004' }, 'S001', 'Amt'],
  ['amount -1', { Amt: '-1' }, 'S001', 'Amt'],
  ['amount 1.0', { Amt: '1.0' }, 'S001', 'Amt'],
  ['amount in Arabic digits', { Amt: '١٢٣' }, 'S001', 'Amt'],
  ['amount in full-width digits', { Amt: '１００４' }, 'S001', 'Amt'],
  ['amount of 13 digits', { Amt: '1000000000000' }, 'S001', 'Amt'],
  ['a tax split that does not add up', { TaxAmt: '1', VatAmt: '2', TaxFreeAmt: '3' }, 'S008', 'TaxAmt'],
  ['a tax split with one part only', { VatAmt: '9000' }, 'S008', 'VatAmt'],
  ['an issuer that cannot be chosen', { FnCd: '36' }, 'S009', 'FnCd'],
  ['instalments below 50,000 won', { Amt: '49999', CardQuota: '03' }, 'S013', 'CardQuota'],
  ['a name that EUC-KR cannot write', { EncodingType: 'euckr', BuyerName: '홍😀' }, 'S014', 'BuyerName'],
  ['a ReturnUrl with javascript:', { ReturnUrl: 'javascript:alert(document.domain)' }, 'S001', 'ReturnUrl'],
  ['a relative ReturnUrl', { ReturnUrl: '/return' }, 'S001', 'ReturnUrl'],
  ['a ReturnUrl without its scheme', { ReturnUrl: '//shop.example/return' }, 'S001', 'ReturnUrl'],
  ['a ReturnUrl with data:', { ReturnUrl: 'data:text/html,hello' }, 'S001', 'ReturnUrl'],
  ['a ReturnUrl with a password', { ReturnUrl: 'https://user:word@shop.example/' }, 'S001', 'ReturnUrl'],
  ['a ReturnUrl with a backslash', { ReturnUrl: 'https:\\\\shop.example' }, 'S001', 'ReturnUrl'],
  ['a StopUrl with javascript:', { StopUrl: 'JavaScript:alert(1)' }, 'S001', 'StopUrl'],
]

for (const [name, change, code, ...fields] of cases) {
  test(`${name} is rejected with ${code}`, async () =>
    assertRejected(await open({ ...rightForm, ...change }), code, ...fields))
}

test('amounts and tax splits that are right are accepted', async () => {
  for (const change of [
    { Amt: '100' },
    { Amt: '999999999999' },
    { TaxAmt: '90909', VatAmt: '9091', TaxFreeAmt: '0' },
    { TaxFreeAmt: '100000' },
    { TaxAmt: '0', TaxFreeAmt: '0', VatAmt: '0' },
    { VatAmt: '0' },
    { CardQuota: '12' },
    { EdiDate: minutesFromNow(-day + 1) },
    { EdiDate: minutesFromNow(9) },
  ]) {
    assertAccepted(await open({ ...rightForm, ...change }))
  }
})

test('one field twice: the same value is accepted, another value is rejected', async () => {
  const body = encodeForm(sign(rightForm), 'utf-8')
  assertAccepted(await post(`${body}&ReturnUrl=${encodeURIComponent(rightForm.ReturnUrl ?? '')}`))
  assertRejected(await post(`${body}&ReturnUrl=https%3A%2F%2Fevil.example%2F`), 'S001', 'ReturnUrl')
  assertRejected(await post(`${body}&Amt=1004`), 'S001', 'Amt')
})

test('several broken fields are all named on one page', async () => {
  assertRejected(
    await open({ ...rightForm, BuyerTel: 'x', GoodsName: letters(41), Amt: '1e3' }),
    'S001',
    'BuyerTel',
    'GoodsName',
    'Amt',
  )
})

test('EUC-KR and UTF-8 forms both arrive right', async () => {
  for (const charset of ['utf-8', 'euc-kr'] as const) {
    const opened = await post(
      encodeForm(sign({ ...rightForm, Moid: charset, GoodsName: '뷁뷁 커피', EncodingType: 'euckr' }), charset),
    )
    assertAccepted(opened)
    const [row] = await context.storage.read<{ readonly request_public: string }>(
      'select request_public from payments where order_id = ?1',
      [charset],
    )
    assert.ok(row?.request_public.includes('뷁뷁 커피'), charset)
  }
})

test('bodies that are not forms are rejected, not crashed on', async () => {
  for (const body of [
    '',
    '%',
    '%%%=%',
    '\xff\xfe',
    '{"Mid":"ssptest01m"}',
    '&&&===',
    'x'.repeat(65_537),
    '__proto__=1',
  ]) {
    const { status, newPayments } = await post(body)
    assert.ok(status >= 400 && status < 500, `${body.slice(0, 20)} → ${status}`)
    assert.equal(newPayments, 0)
  }
})

test('a leaked MerchantKey field is ignored, reported, and nowhere to be found', async () => {
  const opened = await open({ ...rightForm, MerchantKey: merchantKey })
  assertAccepted(opened)
  assert.ok(opened.newLines.some((line) => line.includes('merchant_key_leaked')))
})

test('no rejection left a secret or a personal value in a log line', () => {
  const everything = lines.join('\n')
  const secrets = [merchantKey, merchantKey.slice(0, 32), '01099991111', 'noname@example.com', '홍길동', 'user0001']
  for (const secret of secrets) assert.ok(!everything.includes(secret), secret.slice(0, 4))
})
