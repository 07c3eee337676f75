import assert from 'node:assert/strict'
import { createCipheriv, createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { WireText } from '@sspay/protocol'
import { encryptBody } from '@sspay/protocol/sealed-body'
import { deletionChecksum } from '@sspay/protocol/signature'
import { cancelRoute } from '../../src/cancellation/route.ts'
import { memberDeletionRoute } from '../../src/members/route.ts'
import { saveMerchant } from '../../src/merchants/store.ts'
import { openNotes } from '../../src/request-log/notes.ts'
import { Secret } from '../../src/secret.ts'
import { createApprovalTest } from '../approval/support.ts'
import { encryptedRequest } from '../cancellation/support.ts'
import { createTestContext, type TestContext, testMerchant } from '../support.ts'

const merchantKey = testMerchant.merchantKey.expose()
const { merchantId, easyPayMerchantId } = testMerchant
const otherMerchant = { ...testMerchant, merchantId: 'ssptest02m', merchantKey: new Secret('Kq7'.repeat(20)) }
const customerId = 'ngh1skkl2customer'

let sandbox: TestContext
let production: TestContext
before(async () => {
  sandbox = await createTestContext()
  production = await createTestContext({ settings: { isSandbox: false } })
  for (const { context } of [sandbox, production])
    for (const merchant of [testMerchant, otherMerchant]) await saveMerchant(context, merchant)
})
after(async () => {
  await sandbox.close()
  await production.close()
})

const deletion = (change: WireText = {}): WireText => ({
  Mid: merchantId,
  SspMallId: easyPayMerchantId,
  MallUserId: customerId,
  ServiceType: 'MD',
  VerifyValue: deletionChecksum({ merchantId, easyPayMerchantId, customerId }),
  ...change,
})

function encryptedInEcb(body: WireText): string {
  const cipher = createCipheriv('aes-256-ecb', merchantKey.slice(0, 32), null)
  return Buffer.concat([cipher.update(JSON.stringify(body)), cipher.final()]).toString('base64')
}

/** Answer, notes of the request log, and the lines that were logged. */
async function ask({ context, lines }: TestContext, sealedBody: string, clearMerchantId = merchantId) {
  const already = lines.length
  const body = JSON.stringify({ EncData: sealedBody, Mid: clearMerchantId })
  const request = new Request('http://localhost/payment/approval/ssbMemberDel.do', { method: 'POST', body })
  const notes = openNotes(request)
  const response = await memberDeletionRoute(context)(request)
  return { answer: await response.text(), explanation: notes.explanation, logged: lines.slice(already).join('\n') }
}

const wrong: readonly (readonly [mistake: string, sealedBody: string, code: RegExp])[] = [
  ['ecb', encryptedInEcb(deletion()), /"S\d+"/],
  ['url_encoded', encodeURIComponent(encryptBody(deletion(), merchantKey)), /"S\d+"/],
  ['not_signed', JSON.stringify(deletion()), /"S\d+"/],
  ['key_other', encryptBody(deletion(), otherMerchant.merchantKey.expose()), /"S\d+"/],
  ['merchant_id_inner', encryptBody(deletion({ Mid: otherMerchant.merchantId }), merchantKey), /"S\d+"/],
  ['field_spelling', encryptBody(deletion({ MallUserId: undefined, MallUserID: customerId }), merchantKey), /"S\d+"/],
  ['hex', encryptBody(deletion({ VerifyValue: hexChecksum() }), merchantKey), /"S\d+"/],
]

function hexChecksum(): string {
  return createHash('sha256').update(`${merchantId}${easyPayMerchantId}${customerId}`).digest('hex')
}

for (const [mistake, sealedBody, code] of wrong)
  test(`a sandbox notes and logs why a deletion is refused, and answers as ever: ${mistake}`, async () => {
    const explained = await ask(sandbox, sealedBody)
    assert.deepEqual(explained.explanation?.mistakes, [mistake])
    assert.match(explained.logged, new RegExp(`"event":"member_deletion_explained".*"mistakes":"${mistake}"`))
    assert.ok(explained.explanation && explained.logged.includes(JSON.stringify(explained.explanation.words.ko)))
    const silent = await ask(production, sealedBody)
    assert.equal(silent.explanation, undefined)
    assert.doesNotMatch(silent.logged, /explained|mistakes/)
    assert.match(explained.answer, code)
    assert.equal(explained.answer, silent.answer)
    const told = `${explained.answer}${explained.logged}${JSON.stringify(explained.explanation)}`
    for (const secret of [customerId, merchantKey.slice(0, 16), otherMerchant.merchantKey.expose().slice(0, 16)])
      assert.ok(!told.includes(secret))
  })

test('a sandbox says that it does not know the merchant', async () => {
  const { explanation, logged, answer } = await ask(sandbox, encryptBody(deletion(), merchantKey), 'ssptest99m')
  assert.deepEqual(explanation?.mistakes, ['merchant_unknown'])
  assert.match(logged, /"event":"member_deletion_explained".*"merchantId":"ssptest99m"/)
  assert.equal(answer, (await ask(production, encryptBody(deletion(), merchantKey), 'ssptest99m')).answer)
})

test('what is refused for another reason than how it was made is not explained', async () => {
  const VerifyValue = deletionChecksum({ merchantId, easyPayMerchantId: 'SSPTEST99p', customerId })
  const elsewhere = encryptBody(deletion({ SspMallId: 'SSPTEST99p', VerifyValue }), merchantKey)
  for (const sealedBody of [encryptBody(deletion(), merchantKey), elsewhere]) {
    const { explanation, logged } = await ask(sandbox, sealedBody)
    assert.equal(explanation, undefined)
    assert.doesNotMatch(logged, /explained/)
  }
})

const cancellation = (hashData: (tid: string) => string) => {
  const Tid = 'ssptest01m01012501020304104338'
  const HashData = hashData(Tid)
  return JSON.parse(encryptedRequest({ Tid }, { hashData: HashData })) as WireText
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64')

const wrongCancellations: readonly (readonly [mistake: string, envelope: WireText])[] = [
  ['cancel_scope_missing', cancellation((tid) => sha256([tid, merchantKey, '10000'].join('')))],
  ['amount_commas', cancellation((tid) => sha256([tid, merchantKey, '10,000', '0'].join('')))],
  ['ecb', { Mid: merchantId, EncData: encryptedInEcb({ Mid: merchantId, CancelPwd: '123456' }) }],
]

for (const [mistake, envelope] of wrongCancellations)
  test(`a sandbox notes and logs why a cancellation is refused: ${mistake}`, async (t) => {
    const { gateway, lines, close } = await createApprovalTest()
    t.after(close)
    const request = new Request('http://localhost/cancel.do', { method: 'POST', body: JSON.stringify(envelope) })
    const notes = openNotes(request)
    await cancelRoute(gateway)(request)
    assert.deepEqual(notes.explanation?.mistakes, [mistake])
    assert.match(lines.at(-1) ?? '', /"event":"cancellation_explained"/)
    assert.ok(!`${lines.at(-1)}${JSON.stringify(notes.explanation)}`.includes('123456'))
  })
