import assert from 'node:assert/strict'
import { createCipheriv, createHash } from 'node:crypto'
import { test } from 'node:test'
import { Secret } from '@sspay/gateway'
import type { WireText } from '@sspay/protocol'
import { encryptBody } from '@sspay/protocol/sealed-body'
import { deletionChecksum, signCancelRequest, signPaymentRequest } from '@sspay/protocol/signature'
import { diagnose } from '../../src/diagnosis/diagnose.ts'
import { testMerchant } from '../../src/test-merchant.ts'

const { merchantId, easyPayMerchantId } = testMerchant
const merchantKey = testMerchant.merchantKey.expose()
const otherKey = 'Kq7'.repeat(20)
const merchants = [testMerchant, { merchantId: 'ssptest02m', merchantKey: new Secret(otherKey) }]
const customerId = 'ngh1skkl2customer'
const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()

const deletion = (change: WireText = {}): WireText => ({
  Mid: merchantId,
  SspMallId: easyPayMerchantId,
  MallUserId: customerId,
  ServiceType: 'MD',
  VerifyValue: deletionChecksum({ merchantId, easyPayMerchantId, customerId }),
  ...change,
})

const Tid = 'ssptest01m01012501020304104338'
const cancellation = (HashData: string): WireText => ({
  SERVICE_MODE: 'CL1',
  Tid,
  Mid: merchantId,
  CancelPwd: '123456',
  CancelAmt: '10000',
  CancelMsg: 'x',
  CancelSeq: '1',
  PartialCancelCode: '0',
  HashData,
})

function encryptedInEcb(body: WireText): string {
  const cipher = createCipheriv('aes-256-ecb', merchantKey.slice(0, 32), null)
  return Buffer.concat([cipher.update(JSON.stringify(body)), cipher.final()]).toString('base64')
}

const envelope = (sealedBody: string): WireText => ({ EncData: sealedBody, Mid: merchantId })
const hexChecksum = sha256(`${merchantId}${easyPayMerchantId}${customerId}`).toString('hex')
const form = { EdiDate: '20250102030405', Mid: merchantId, Amt: '1004', SspMallId: easyPayMerchantId }

const billKey = 'BTK0C8V7B6N5M4K3J2H1G0F9D8S'
const withKey = sha256(`${billKey}${merchantId}9900${merchantKey}`).toString('base64')
const charge = (VerifyValue: string): WireText => ({
  BillTokenKey: billKey,
  Mid: merchantId,
  Moid: 'CYCLE-1',
  EdiDate: '20250102030405',
  Amt: '9900',
  MallUserId: customerId,
  GoodsName: 'monthly',
  GoodsCnt: '1',
  BuyerName: 'x',
  VerifyValue,
})

type Case = readonly [mistake: string, request: Parameters<typeof diagnose>[0], fields: WireText]
const cases: readonly Case[] = [
  ['mode', 'member_deletion', envelope(encryptedInEcb(deletion()))],
  ['url_encoded', 'member_deletion', envelope(encodeURIComponent(encryptBody(deletion(), merchantKey)))],
  ['not_encrypted', 'member_deletion', envelope(JSON.stringify(deletion()))],
  ['key_other', 'member_deletion', envelope(encryptBody(deletion(), otherKey))],
  ['merchant_id_inner', 'member_deletion', envelope(encryptBody(deletion({ Mid: 'ssptest02m' }), merchantKey))],
  [
    'field_spelling',
    'member_deletion',
    envelope(encryptBody(deletion({ MallUserId: undefined, MallUserID: customerId }), merchantKey)),
  ],
  ['hex', 'member_deletion', envelope(encryptBody(deletion({ VerifyValue: hexChecksum }), merchantKey))],
  ['merchant_unknown', 'member_deletion', { ...envelope('AAAA'), Mid: 'ssptest99m' }],
  [
    'amount_format',
    'cancellation',
    envelope(encryptBody(cancellation(sha256(`${Tid}${merchantKey}10,0000`).toString('base64')), merchantKey)),
  ],
  [
    'part_missing',
    'cancellation',
    envelope(encryptBody(cancellation(sha256(`${Tid}${merchantKey}10000`).toString('base64')), merchantKey)),
  ],
  ['mode', 'cancellation', envelope(encryptedInEcb(cancellation('')))],
  ['mode', 'bill_key_charge', envelope(encryptedInEcb(charge('')))],
  ['missing', 'bill_key_charge', envelope(encryptBody(charge(''), merchantKey))],
  ['part_added', 'bill_key_charge', envelope(encryptBody(charge(withKey), merchantKey))],
  [
    'key_other',
    'bill_key_deletion',
    envelope(encryptBody(deletion({ ServiceType: 'CD', BillTokenKey: billKey, EdiDate: form.EdiDate }), otherKey)),
  ],
  ['other_request', 'bill_key_registration', envelope(encryptBody(charge('x'), merchantKey))],
  [
    'key_in_place',
    'bill_key_request',
    {
      ...form,
      Moid: 'CARD-1',
      VerifyValue: sha256(`20250102030405${merchantId}CARD-1${merchantKey}`).toString('base64'),
    },
  ],
  [
    'hex',
    'payment_request',
    { ...form, EncryptData: sha256(`20250102030405${merchantId}1004${merchantKey}`).toString('hex') },
  ],
]

for (const [mistake, request, fields] of cases)
  test(`a rejected ${request} is explained without key and customer: ${mistake}`, () => {
    const explanation = diagnose(request, fields, merchants)
    assert.deepEqual(explanation?.mistakes, [mistake])
    for (const secret of [customerId, merchantKey.slice(0, 16), otherKey.slice(0, 16), '123456', billKey])
      assert.ok(!JSON.stringify(explanation).includes(secret))
  })

const ofOtherKey = sha256(`20250102030405${merchantId}1004${'x'.repeat(88)}`).toString('base64')
type Explained = readonly [name: string, request: Case[1], fields: WireText, ko: RegExp, en: RegExp]
const explained: readonly Explained[] = [
  [
    'a signature with another key',
    'payment_request',
    { ...form, EncryptData: ofOtherKey },
    /알려진 실수와 맞지 않습니다. 상점키가 이 환경의 것인지, 서명한 값과 보낸 값이 같은지 확인하세요/,
    /matches no known mistake: check that the MerchantKey belongs to this environment/,
  ],
  [
    'nothing is encrypted',
    'cancellation',
    cancellation('x'),
    /EncData가 없고 SERVICE_MODE, Tid.*암호화하지 않은 채 왔습니다. .* EncData에 넣고, Mid와 함께/,
    /EncData is missing, and SERVICE_MODE, Tid.* came unencrypted. Encrypt the fields as JSON/,
  ],
  [
    'EncData is missing',
    'cancellation',
    { Mid: merchantId },
    /EncData가 없습니다. .* EncData에 넣고/,
    /missing. Encrypt the fields/,
  ],
  [
    'EncData of an unknown key',
    'cancellation',
    envelope(encryptBody(cancellation('x'), 'k'.repeat(88))),
    /알려진 실수와 맞지 않습니다. 상점키와 Mid가 이 환경의 것인지.*확인하세요/,
    /matches no known mistake: check that MerchantKey and Mid belong to this environment/,
  ],
]
for (const [name, request, fields, ko, en] of explained)
  test(`explained with cause and cure: ${name}`, () => {
    const words = diagnose(request, fields, merchants)?.words
    assert.match(words?.ko ?? '', ko)
    assert.match(words?.en ?? '', en)
  })

test('a right request, and a form of an unknown merchant, need no explanation', () => {
  const signature = signCancelRequest({ transactionId: Tid, cancelAmount: '10000', scope: '0' }, merchantKey)
  const signed = { requestedAt: form.EdiDate, merchantId, amount: form.Amt }
  const right: readonly (readonly [Parameters<typeof diagnose>[0], WireText])[] = [
    ['member_deletion', envelope(encryptBody(deletion(), merchantKey))],
    ['cancellation', envelope(encryptBody(cancellation(signature), merchantKey))],
    ['payment_request', { ...form, EncryptData: signPaymentRequest(signed, merchantKey) }],
    ['payment_request', { ...form, Mid: 'ssptest99m' }],
  ]
  for (const [request, fields] of right) assert.equal(diagnose(request, fields, merchants), undefined)
})

test('at most twenty other keys are tried', () => {
  const others = Array.from({ length: 21 }, (_merchant, index) => ({
    merchantId: `ssptest${String(index).padStart(2, '0')}x`,
    merchantKey: new Secret(`${String(index).padStart(2, '0')}${'k'.repeat(40)}`),
  }))
  const byKeyOf = (index: number) =>
    diagnose('member_deletion', envelope(encryptBody(deletion(), others[index]?.merchantKey.expose() ?? '')), [
      ...others,
      testMerchant,
    ])?.mistakes
  assert.deepEqual([byKeyOf(19), byKeyOf(20)], [['key_other'], []])
})
