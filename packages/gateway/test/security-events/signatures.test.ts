import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encryptBody } from '@sspay/protocol/sealed-body'
import { deletionChecksum } from '@sspay/protocol/signature'
import { memberDeletionRoute } from '../../src/members/route.ts'
import { createCancelTest } from '../cancellation/support.ts'
import { openWindowFixture, post } from '../payment-window/buyer.ts'
import { requestForm, testMerchant } from '../payment-window/request-form.ts'

const rejectionsIn = (lines: readonly string[]) =>
  lines
    .map((line) => JSON.parse(line))
    .filter(({ name }) => name === 'signature_rejected')
    .map(({ reason, merchantId }) => ({ reason, merchantId }))

const { merchantId } = testMerchant

test('a payment request signed with another key', async () => {
  await using fixture = await openWindowFixture()
  await fixture.app.request('/ssp/reqPay.do', post({ ...requestForm(), EncryptData: 'x'.repeat(44) }))
  assert.deepEqual(rejectionsIn(fixture.lines), [{ reason: 'signature_wrong', merchantId }])
})

test('a cancellation signed or encrypted with another key', async () => {
  await using test = await createCancelTest()
  const Tid = await test.approvedPayment()
  await test.cancel({ Tid }, { hashData: 'x'.repeat(44) })
  await test.post(
    JSON.stringify({ EncData: encryptBody({ Tid }, `x${testMerchant.merchantKey.expose()}`), Mid: merchantId }),
  )
  assert.deepEqual(rejectionsIn(test.lines), [
    { reason: 'cancel_signature_wrong', merchantId },
    { reason: 'sealed_body_invalid', merchantId: undefined },
  ])
})

test('a member deletion encrypted with another key, or with a wrong checksum', async () => {
  await using fixture = await openWindowFixture()
  const { easyPayMerchantId } = testMerchant
  const VerifyValue = deletionChecksum({ merchantId, easyPayMerchantId, customerId: 'another' })
  const body = { Mid: merchantId, SspMallId: easyPayMerchantId, MallUserId: 'user0001', VerifyValue, ServiceType: 'MD' }
  const key = testMerchant.merchantKey.expose()
  for (const EncData of [encryptBody(body, `x${key}`), encryptBody(body, key)]) {
    const envelope = JSON.stringify({ EncData, Mid: merchantId })
    await memberDeletionRoute(fixture.context)(new Request('http://localhost/', { method: 'POST', body: envelope }))
  }
  assert.deepEqual(rejectionsIn(fixture.lines), [
    { reason: 'sealed_body_invalid', merchantId: undefined },
    { reason: 'checksum_wrong', merchantId },
  ])
})
