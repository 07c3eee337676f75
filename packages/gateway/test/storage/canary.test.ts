import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encryptBody } from '@sspay/protocol/sealed-body'
import { deletionChecksum } from '@sspay/protocol/signature'
import { joinBound } from '../../../../test/support/bound-member.ts'
import { checkPaymentPassword, setPaymentPassword } from '../../src/members/payment-password.ts'
import { reverify } from '../../src/members/reverify.ts'
import { memberDeletionRoute } from '../../src/members/route.ts'
import { saveMerchant } from '../../src/merchants/store.ts'
import { Secret } from '../../src/secret.ts'
import { registerCard } from '../../src/vault/register-card.ts'
import { findCard } from '../../src/vault/store.ts'
import { createTestContext, testMerchant, testRootKey } from '../support.ts'

const canary = {
  merchantKey: 'CanaryMerchantKey/0123456789+abcdefghijklmnopqrstuvwxyz==',
  cancelPassword: '730184',
  cardNumber: '9404047315902688',
  otherCardNumber: '9406087315902682',
  password: '274905',
  nextPassword: '581036',
  name: '나비카나리아',
  phone: '01073159026',
  newPhone: '01062095137',
  birthDate: '19870613',
  ci: 'CanaryConnectingInformation0123456789',
}

test('no key, card number, expiry, password, name, phone or birth date is stored or logged in clear', async () => {
  await using world = await createTestContext({ seed: 'canary' })
  const { context } = world
  const merchantKey = new Secret(canary.merchantKey)
  const merchant = { ...testMerchant, merchantKey, cancelPassword: new Secret(canary.cancelPassword) }
  await saveMerchant(context, merchant)

  const { merchantId, easyPayMerchantId } = merchant
  const { name, phone, birthDate, ci } = canary
  const identity = { name, phone, birthDate, gender: 'female', ci, verifiedAt: context.runtime.now() } as const
  const customers = ['customer1', 'customer2']
  for (const customerId of customers) {
    const { memberId } = await joinBound(context, { easyPayMerchantId, customerId, identity })
    for (const cardNumber of [canary.cardNumber, canary.otherCardNumber]) {
      const registered = await registerCard(context, { memberId, cardNumber, expiryMonth: 11, expiryYear: 2031 })
      assert.ok(registered.ok, JSON.stringify(registered))
      await (await findCard(context, registered.card)).use(async (clearCard) =>
        assert.equal(clearCard.cardNumber, cardNumber),
      )
    }
    assert.deepEqual(await setPaymentPassword(context, memberId, canary.password), { ok: true })
    await checkPaymentPassword(context, memberId, canary.nextPassword)
    await checkPaymentPassword(context, memberId, canary.password)
    assert.ok((await reverify(context, memberId, { ...identity, phone: canary.newPhone })).ok)
    await registerCard(context, { memberId, cardNumber: canary.cardNumber, expiryMonth: 11, expiryYear: 2031 })
    assert.deepEqual(await setPaymentPassword(context, memberId, canary.nextPassword), { ok: true })
  }

  const [customerId = ''] = customers
  const checksum = deletionChecksum({ merchantId, easyPayMerchantId, customerId })
  const body = {
    Mid: merchantId,
    SspMallId: easyPayMerchantId,
    MallUserId: customerId,
    VerifyValue: checksum,
    ServiceType: 'MD',
  }
  const envelope = JSON.stringify({ EncData: encryptBody(body, canary.merchantKey), Mid: merchantId })
  const answer = await memberDeletionRoute(context)(
    new Request('http://localhost/', { method: 'POST', body: envelope }),
  )
  assert.partialDeepStrictEqual(await answer.json(), { ResultCode: 'PD00' })

  const stored = await world.readStoredBytes()
  const logged = Buffer.from(world.lines.join('\n'))
  assert.ok(stored.includes('customer2'), 'the search looks at what was written')
  const hidden = {
    ...canary,
    expiry: '2031',
    rootKey: testRootKey,
    pepper: Buffer.from(context.keyRing.pepper).toString('hex'),
  }
  for (const [what, value] of Object.entries(hidden)) {
    for (const form of [
      value,
      Buffer.from(value)
        .toString('base64')
        .replace(/.{0,2}=*$/, ''),
      Buffer.from(value).toString('hex'),
    ]) {
      assert.ok(!stored.includes(form), `${what} is in the database as ${form}`)
      assert.ok(!logged.includes(form), `${what} is in the log as ${form}`)
    }
  }
  for (const part of ['expiryYear', canary.cardNumber.slice(0, 7), canary.phone.slice(3)])
    assert.ok(!stored.includes(part), part)
})
