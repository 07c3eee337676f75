import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireText } from '@sspay/protocol'
import { encryptBody } from '@sspay/protocol/sealed-body'
import { deletionChecksum } from '@sspay/protocol/signature'
import { chargeRoute, deletionRoute, registrationRoute } from '../../src/bill-keys/route.ts'
import { cancelRoute } from '../../src/cancellation/route.ts'
import type { Diagnose } from '../../src/diagnosis.ts'
import { memberDeletionRoute } from '../../src/members/route.ts'
import { saveMerchant } from '../../src/merchants/store.ts'
import { openNotes } from '../../src/request-log/notes.ts'
import { Secret } from '../../src/secret.ts'
import { createApprovalTest } from '../approval/support.ts'
import { createTestContext, type TestContext, testMerchant } from '../support.ts'

const merchantKey = testMerchant.merchantKey.expose()
const { merchantId, easyPayMerchantId } = testMerchant
const otherMerchant = { ...testMerchant, merchantId: 'ssptest02m', merchantKey: new Secret('Kq7'.repeat(20)) }
const customerId = 'user0001'

const deletion = (change: WireText = {}): WireText => ({
  Mid: merchantId,
  SspMallId: easyPayMerchantId,
  MallUserId: customerId,
  ServiceType: 'MD',
  VerifyValue: deletionChecksum({ merchantId, easyPayMerchantId, customerId }),
  ...change,
})

type Asked = Parameters<Diagnose>

/** Records what it is asked. */
function recordingDiagnose() {
  const asked: Asked[] = []
  const diagnose: Diagnose = (...request) => {
    asked.push(request)
    return { mistakes: ['mode'], words: { ko: '설명', en: 'explanation' } }
  }
  return { asked, diagnose }
}

async function deleteMember({ context, lines }: TestContext, sealedBody: string, diagnose?: Diagnose) {
  const body = { EncData: sealedBody, Mid: merchantId }
  const request = new Request('http://localhost/ssbMemberDel.do', { method: 'POST', body: JSON.stringify(body) })
  const notes = openNotes(request)
  const already = lines.length
  const response = await memberDeletionRoute({ ...context, diagnose })(request)
  return { answer: await response.text(), notes, logged: lines.slice(already).join('\n') }
}

const rejected: readonly (readonly [name: string, sealedBody: string])[] = [
  ['a body that does not decrypt', 'AAAAAAAAAAAAAAAAAAAAAA=='],
  ['a body that is not Base64', '%7B%7D'],
  ['a missing field', encryptBody(deletion({ MallUserId: undefined }), merchantKey)],
  ['a wrong checksum', encryptBody(deletion({ VerifyValue: 'x'.repeat(44) }), merchantKey)],
]

for (const [name, sealedBody] of rejected)
  test(`a sandbox logs and notes an explanation and answers as production does: ${name}`, async (t) => {
    const [sandbox, production] = [
      await createTestContext(),
      await createTestContext({ settings: { isSandbox: false } }),
    ]
    t.after(() => Promise.all([sandbox.close(), production.close()]))
    for (const { context } of [sandbox, production])
      for (const merchant of [testMerchant, otherMerchant]) await saveMerchant(context, merchant)
    const { asked, diagnose } = recordingDiagnose()

    const explained = await deleteMember(sandbox, sealedBody, diagnose)
    assert.deepEqual(explained.notes.explanation?.mistakes, ['mode'])
    assert.match(explained.logged, /"event":"member_deletion_explained".*"merchantId":"ssptest01m","mistakes":"mode"/)
    const [kind, fields, merchants] = asked[0] ?? assert.fail()
    assert.deepEqual([kind, fields.EncData, fields.Mid], ['member_deletion', sealedBody, merchantId])
    assert.deepEqual(
      merchants.map((one) => [one.merchantId, one.merchantKey.expose()]),
      [testMerchant, otherMerchant].map((one) => [one.merchantId, one.merchantKey.expose()]),
    )

    for (const silent of [
      await deleteMember(production, sealedBody, diagnose),
      await deleteMember(sandbox, sealedBody, undefined),
    ]) {
      assert.equal(silent.notes.explanation, undefined)
      assert.doesNotMatch(silent.logged, /explained|mistakes/)
      assert.equal(silent.answer, explained.answer)
    }
    assert.equal(asked.length, 1)
  })

test('a rejection that does not depend on encryption or signature is not explained', async (t) => {
  const sandbox = await createTestContext()
  t.after(() => sandbox.close())
  await saveMerchant(sandbox.context, testMerchant)
  const { asked, diagnose } = recordingDiagnose()
  const VerifyValue = deletionChecksum({ merchantId, easyPayMerchantId: 'SSPTEST99p', customerId })
  const elsewhere = encryptBody(deletion({ SspMallId: 'SSPTEST99p', VerifyValue }), merchantKey)
  for (const sealedBody of [encryptBody(deletion(), merchantKey), elsewhere])
    assert.equal((await deleteMember(sandbox, sealedBody, diagnose)).notes.explanation, undefined)
  assert.equal(asked.length, 0)
})

test('a rejected cancellation is explained', async (t) => {
  const { gateway, lines, close } = await createApprovalTest()
  t.after(close)
  const { asked, diagnose } = recordingDiagnose()
  const body = JSON.stringify({ Mid: merchantId, EncData: 'AAAAAAAAAAAAAAAAAAAAAA==' })
  const request = new Request('http://localhost/cancel.do', { method: 'POST', body })
  const notes = openNotes(request)
  await cancelRoute({ ...gateway, diagnose })(request)
  assert.deepEqual(
    asked.map(([kind]) => kind),
    ['cancellation'],
  )
  assert.deepEqual(notes.explanation?.mistakes, ['mode'])
  assert.match(lines.at(-1) ?? '', /"event":"cancellation_explained"/)
})

const billKeyCalls = [
  ['bill_key_registration', registrationRoute],
  ['bill_key_charge', chargeRoute],
  ['bill_key_deletion', deletionRoute],
] as const

for (const [name, route] of billKeyCalls)
  test(`a rejected ${name} is explained`, async (t) => {
    const { gateway, lines, close } = await createApprovalTest()
    t.after(close)
    const { asked, diagnose } = recordingDiagnose()
    const body = JSON.stringify({ Mid: merchantId, EncData: 'AAAAAAAAAAAAAAAAAAAAAA==' })
    const request = new Request('http://localhost/bill-key.do', { method: 'POST', body })
    const notes = openNotes(request)
    await route({ ...gateway, diagnose })(request)
    assert.deepEqual(
      asked.map(([kind]) => kind),
      [name],
    )
    assert.deepEqual(notes.explanation?.mistakes, ['mode'])
    assert.match(lines.at(-1) ?? '', new RegExp(`"event":"${name}_explained"`))
  })
