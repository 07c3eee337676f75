import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createPaymentForm, defineMerchant } from '@sspay/merchant'
import { encodeForm } from '@sspay/protocol/charset'
import { encryptBody } from '@sspay/protocol/sealed-body'
import { deletionChecksum, signCancelRequest, signResult } from '@sspay/protocol/signature'
import { testMerchant } from '../../src/test-merchant.ts'
import { run } from '../command-line/support.ts'

const { merchantId, easyPayMerchantId } = testMerchant
const merchantKey = testMerchant.merchantKey.expose()
const otherKey = 'x1'.repeat(44)
const folder = await mkdtemp(join(tmpdir(), 'sspay-explain-'))
after(() => rm(folder, { recursive: true, force: true }))

const form = createPaymentForm(
  defineMerchant({
    merchantId,
    easyPayMerchantId,
    merchantKey,
    environment: { origin: 'http://localhost:4610' },
    orderSignature: 'off_and_orders_can_be_tampered_with',
  }),
  {
    orderId: 'A-1001',
    amount: 1004,
    goodsName: '커피 & 케이크',
    customerId: 'user0001',
    buyerName: '홍길동',
    buyerPhone: '01012345678',
    buyerEmail: 'buyer@shop.example',
    returnUrl: 'http://localhost:3000/return',
    abortUrl: 'http://localhost:3000/stop',
  },
).fields as Readonly<Record<string, string>>

/** A general card payment: the same form without these two. */
const { SspMallId, PopCheck, ...generalForm } = form

const tid = 'ssptest01m01012501020304104338'
const deletion = {
  Mid: merchantId,
  SspMallId: easyPayMerchantId,
  MallUserId: 'user0001',
  ServiceType: 'MD',
  VerifyValue: deletionChecksum({ merchantId, easyPayMerchantId, customerId: 'user0001' }),
}
const cancel = {
  SERVICE_MODE: 'CL1',
  Tid: tid,
  Mid: merchantId,
  CancelPwd: '123456',
  CancelAmt: '504',
  CancelMsg: '고객 요청',
  CancelSeq: '1',
  PartialCancelCode: '1',
  HashData: signCancelRequest({ transactionId: tid, cancelAmount: '504', scope: '1' }, merchantKey),
}
const approved = {
  PayMethod: 'CARD',
  Mid: merchantId,
  Amt: '1004',
  Tid: tid,
  Moid: 'A-1001',
  ResultCode: '3001',
  ResultMsg: '카드 결제 성공',
  SignValue: signResult({ transactionId: tid, resultCode: '3001' }, merchantKey),
}
const envelopeOf = (inner: Readonly<Record<string, string>>, key = merchantKey) => ({
  EncData: encryptBody(inner, key),
  Mid: merchantId,
})
const asHtml = (fields: Readonly<Record<string, string>>): string =>
  `<!doctype html><form name="f">${Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${value.replaceAll('&', '&amp;')}">`)
    .join('\n')}<button>결제</button></form>`
const asLines = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join('\r\n')

const rightOnes: readonly (readonly [string, string | Uint8Array, string])[] = [
  ['a form as HTML', asHtml(form), 'paymentRequest'],
  ['a form as it is posted', encodeForm(form, 'utf-8'), 'paymentRequest'],
  ['a form as it is posted in EUC-KR', encodeForm(form, 'euc-kr'), 'paymentRequest'],
  ['a form as lines', asLines(form), 'paymentRequest'],
  ['a form as JSON', JSON.stringify(form), 'paymentRequest'],
  ['a general card payment', asHtml(generalForm), 'generalPaymentRequest'],
  ['an encrypted deletion', JSON.stringify(envelopeOf(deletion)), 'sealedEnvelope'],
  ['an encrypted cancellation', JSON.stringify(envelopeOf(cancel)), 'sealedEnvelope'],
  ['a deletion before it is encrypted', JSON.stringify(deletion), 'memberDeletionRequest'],
  ['a cancellation before it is encrypted', JSON.stringify(cancel), 'cancelRequest'],
  ['an approval', JSON.stringify(approved), 'approvalResult'],
  ['a notification', encodeForm({ ...approved, StateCd: '0' }, 'utf-8'), 'notification'],
  ['the answer of a cancellation', '{"ResultCode":"2001","ResultMsg":"취소 성공","CancelAmt":"504"}', 'cancelResult'],
  [
    'the answer of a deletion',
    '{"SspMallId":"SSPTEST00p","ResultCode":"PD00","ResultMsg":"x"}',
    'memberDeletionResult',
  ],
  ['what comes back from the window', `Tid=${tid}&TrAuthKey=${'0a'.repeat(32)}`, 'authenticationResult'],
]
for (const [name, input, message] of rightOnes)
  test(`${name} is recognised, and right`, async () => {
    const { exitCode, output } = await run(['explain', '--json'], { input })
    const examination = JSON.parse(output)
    assert.equal(examination.message, message)
    assert.equal(exitCode, 0, output)
    assert.ok(examination.findings.length > 0)
  })

test('a general card payment is named, its merchant setting too, and its signature checked', async () => {
  const { output } = await run(['--lang', 'en', 'explain'], { input: asHtml(generalForm) })
  assert.match(output, /^general card payment\n/)
  assert.match(output, /takesGeneralPayments/)
  assert.match(output, /EncryptData is right/)
  const changed = await run(['explain', '--json'], { input: asHtml({ ...generalForm, Amt: '1005' }) })
  assert.equal(changed.exitCode, 1)
  assert.match(changed.output, /generalPaymentRequest.*EncryptData/)
  const old = await run(['explain', '--json'], { input: asHtml({ ...generalForm, EdiDate: '20200101000000' }) })
  assert.match(old.output, /generalPaymentRequest.*S\d{3}/)
})

for (const [present, missing] of [
  ['SspMallId', 'PopCheck'],
  ['PopCheck', 'SspMallId'],
] as const)
  test(`a form with ${present} is SS-Pay, in which ${missing} is missing`, async () => {
    const given = { ...generalForm, [present]: { SspMallId, PopCheck }[present] ?? '' }
    const { exitCode, output } = await run(['explain', '--json'], { input: asHtml(given) })
    assert.equal(exitCode, 1)
    const { message, findings } = JSON.parse(output)
    assert.equal(message, 'paymentRequest')
    assert.ok(findings.some(({ tone, en }: Record<string, string>) => tone === 'wrong' && en?.startsWith(missing)))
  })

const wrongOnes: readonly (readonly [string, string, RegExp])[] = [
  ['an amount with commas', asHtml({ ...form, Amt: '1,004' }), /✗ 거래 금액\(Amt\): 형식/],
  ['a missing field', asLines({ ...form, GoodsName: '' }), /✗ 상품명\(GoodsName\): 필수/],
  [
    'a signature in hexadecimal',
    asHtml({ ...form, EncryptData: hexOf(form.EncryptData ?? '') }),
    /✗ EncryptData: 16진수/,
  ],
  ['the key in the form', asHtml({ ...form, merchantKey: otherKey }), /✗ merchantKey: 상점키가 폼에/],
  ['a name in the wrong case', asLines({ ...form, Moid: '', moid: 'A-1001' }), /· moid: Moid 을\(를\)/],
  ['a form of yesterday', asLines({ ...form, EdiDate: '20250102030405' }), /✗ S003/],
  ['a tax split', asLines({ ...form, TaxAmt: '1', VatAmt: '1', TaxFreeAmt: '1' }), /✗ S008/],
  ['instalments too small', asLines({ ...form, CardQuota: '03' }), /✗ S013/],
  ['a field twice', `${encodeForm(form, 'utf-8')}&Moid=B-2`, /✗ 상품주문번호\(Moid\): 서로 다른 값/],
  ['EncData of another key', JSON.stringify(envelopeOf(deletion, otherKey)), /✗ EncData/],
  ['a wrong checksum inside', JSON.stringify(envelopeOf({ ...deletion, MallUserId: 'user0002' })), / {4}✗ VerifyValue/],
  ['a wrong amount inside', JSON.stringify(envelopeOf({ ...cancel, CancelAmt: '505' })), / {4}✗ HashData/],
  [
    'an answer that is signed otherwise',
    JSON.stringify({ ...approved, SignValue: approved.SignValue.toLowerCase() }),
    /✗ SignValue/,
  ],
  ['a rejection', '{"ResultCode":"S002","ResultMsg":"x"}', /^응답\n.*\n {2}✗ S002: 위·변조 검증값/],
  ['an unknown code', '{"ResultCode":"9123","ResultMsg":"x"}', /✗ 9123: sspay가 모르는 코드/],
  ['something else', '{"name":"value","other":"value"}', /알아볼 수 없습니다/],
]
for (const [name, input, expected] of wrongOnes)
  test(`${name} is explained`, async () => {
    const { exitCode, output } = await run(['--lang', 'ko', 'explain'], { input })
    assert.equal(exitCode, 1, output)
    assert.match(output, expected)
    assert.ok(!output.includes(merchantKey) && !output.includes(otherKey), 'a key was printed')
  })

const toleratedOnes: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
  ['an empty ReturnUrl', { ReturnUrl: '' }, /! .*\(ReturnUrl\).*PC에서는.*모바일에서는 거절합니다/],
  ["the sample's StopUrl", { StopUrl: '결제중단 URL' }, /! .*\(StopUrl\).*PC에서는/],
  ['no e-mail address', { BuyerEmail: '' }, /! .*\(BuyerEmail\).*이 값 없이 받습니다/],
  ['an odd address of the buyer', { UserIp: 'unknown' }, /! .*\(UserIp\).*이 값 없이 받습니다/],
]
for (const [name, change, expected] of toleratedOnes)
  test(`${name} is a warning, and the rest is judged`, async () => {
    const { exitCode, output } = await run(['--lang', 'ko', 'explain'], { input: asLines({ ...form, ...change }) })
    assert.equal(exitCode, 0, output)
    assert.match(output, expected)
    assert.match(output, /✓ EncryptData/)
    const late = await run(['--lang', 'ko', 'explain'], { input: asLines({ ...form, ...change, CardQuota: '03' }) })
    assert.match(late.output, /✗ S013/)
  })

function hexOf(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex')
}

test('the right value is shown, so that it can be compared', async () => {
  const input = asHtml({ ...form, EncryptData: 'A'.repeat(43).concat('=') })
  const { output } = await run(['--lang', 'en', 'explain'], { input })
  assert.ok(output.includes(`right value   ${form.EncryptData}\n`), output)
  assert.match(output, /to be joined {2}\d{14}ssptest01m1004<MerchantKey>\n/)
})

test('a body of another merchant is opened with its own key, and not checked without', async () => {
  const own = { ...deletion, Mid: 'anothershp', VerifyValue: '' }
  const checksum = deletionChecksum({ merchantId: own.Mid, easyPayMerchantId, customerId: own.MallUserId })
  const envelope = { EncData: encryptBody({ ...own, VerifyValue: checksum }, otherKey), Mid: 'anothershp' }
  const file = join(folder, 'envelope.json')
  await writeFile(file, JSON.stringify(envelope))
  const without = await run(['--lang', 'en', 'explain', file])
  assert.equal(without.exitCode, 0)
  assert.match(without.output, /· EncData was not decrypted/)
  const opened = await run(['explain', file, '--json'], { environment: { SSPAY_MERCHANT_KEY: otherKey } })
  assert.equal(opened.exitCode, 0, opened.output)
  assert.equal(JSON.parse(opened.output).inside.message, 'memberDeletionRequest')
  const alone = await run(['explain', envelope.EncData], { environment: { SSPAY_MERCHANT_KEY: otherKey } })
  assert.equal(alone.exitCode, 0, alone.output)
})

test('arguments are read as they are typed', async () => {
  assert.match((await run(['--lang', 'en', 'explain', 'S102'])).output, /S102: The time to approve has passed/)
  assert.match((await run(['--lang', 'en', 'explain', 'ResultCode=3001'])).output, /✓ 3001/)
  const { output } = await run(['--lang', 'en', 'explain', `Tid=${tid}`, 'ResultCode=3001', 'ResultMsg=x'])
  assert.match(output, /✓ all 3 fields/)
})

for (const given of [['nothing.txt'], [], ['--key', merchantKey], ['--key-file', '/nothing']])
  test(`wrong usage: ${given.join(' ').slice(0, 20) || 'nothing'}`, async () => {
    const { exitCode, errors, output } = await run(['explain', ...given])
    assert.deepEqual([exitCode, output], [2, ''])
    assert.ok(!errors.includes(merchantKey))
  })

test('what is no message at all is wrong usage', async () => {
  assert.equal((await run(['explain'], { input: 'hello there' })).exitCode, 2)
  assert.equal((await run(['explain'], { input: '{broken' })).exitCode, 2)
})

for (const [given, ko] of [
  ['Amt=1,004', /· 요청과 응답에 다 있는 항목뿐.*\n.*Amt=1,004: 1004\(으\)로 보내세요/],
  ['Amt=1,004&Mid=ssptest01m', /Amt=1,004: 1004\(으\)로 보내세요/],
  ['Mid=ssptest01m', /요청과 응답에 다 있는 항목뿐/],
] as const)
  test(`a part that requests and answers share is not guessed at: ${given}`, async () => {
    const { output } = await run(['--lang', 'ko', 'explain', given])
    assert.match(output, ko)
    assert.doesNotMatch(output, /승인 결과|암호화 전문|필수 값이 없습니다/)
  })
