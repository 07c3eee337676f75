import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signResult } from '@sspay/protocol/signature'
import { approve } from '../../src/approval/approve.ts'
import { findMerchantProblems, type Merchant } from '../../src/merchants/model.ts'
import { findMerchant, saveMerchant } from '../../src/merchants/store.ts'
import { Secret } from '../../src/secret.ts'
import { authenticatedPayment, codeOf, createApprovalTest, testMerchant } from '../approval/support.ts'
import { withCancelTest } from '../cancellation/support.ts'

const newKey = new Secret('nEwKeY-9xW1mT7nB5cR9yL2pD6sF4hJ0gA+uE/iOqXwKtVbYzN')
const oldKey = testMerchant.merchantKey
const until = (time: string): Merchant => ({
  ...testMerchant,
  merchantKey: newKey,
  formerKeys: [{ key: oldKey, until: new Date(time) }],
})
const keysShown = ({ merchantKey, formerKeys = [] }: Merchant) => [
  merchantKey.expose(),
  ...formerKeys.map(({ key, until }) => [key.expose(), until]),
]

test('former keys are stored with their ends, and removed with the next save', async () => {
  await using test = await createApprovalTest()
  const merchant = { ...until('2027-01-01T00:00:00+09:00'), takesPayments: false }
  const twoFormer = { ...merchant, formerKeys: [...(merchant.formerKeys ?? []), { key: new Secret('f'.repeat(32)) }] }
  await saveMerchant(test.context, twoFormer)
  const found = (await findMerchant(test.context, testMerchant.merchantId)) as Merchant
  assert.deepEqual(
    [keysShown(found), found.takesPayments],
    [[...keysShown(merchant), ['f'.repeat(32), undefined]], false],
  )
  await saveMerchant(test.context, testMerchant)
  const again = (await findMerchant(test.context, testMerchant.merchantId)) as Merchant
  assert.deepEqual([again.formerKeys, again.takesPayments], [undefined, undefined])
})

for (const formerKeys of [[{ key: new Secret('short') }], [{ key: oldKey }], Array(4).fill({ key: newKey })])
  test(`${formerKeys.length} former keys that are short, repeated or too many are a problem`, () =>
    assert.deepEqual(findMerchantProblems({ ...testMerchant, formerKeys }), ['former_keys']))

test('a cancellation may be signed with either key until the end of the former one', () =>
  withCancelTest(async ({ context, gateway, approvedPayment, cancel }) => {
    const now = gateway.runtime.now().getTime()
    const Tid = await approvedPayment()
    const answerTo = async (merchant: Merchant) => (await cancel({ Tid, CancelPwd: '000000' }, { merchant })).ResultCode
    await saveMerchant(context, until(new Date(now + 60_000).toISOString()))
    assert.deepEqual([await answerTo(testMerchant), await answerTo(until('2027-01-01'))], ['S501', 'S501'])
    await saveMerchant(context, until(new Date(now).toISOString()))
    const rejected = await answerTo(testMerchant)
    assert.notEqual(rejected, 'S501')
    assert.equal(await answerTo(until('2027-01-01')), 'S501')
  })())

test('an approval is answered with the key of its request; without that key with the merchant key', async () => {
  await using test = await createApprovalTest()
  for (const [merchant, key] of [
    [until('2027-01-01T00:00:00+09:00'), oldKey],
    [{ ...testMerchant, merchantKey: newKey }, newKey],
  ] as const) {
    await saveMerchant(test.context, merchant)
    const ticket = await authenticatedPayment(test.gateway)
    const answer = await approve(test.gateway, ticket)
    const { transactionId } = ticket
    const signature = signResult({ transactionId, resultCode: codeOf(answer) }, key.expose())
    assert.ok(answer.includes(JSON.stringify(signature)), answer)
  }
})

test('an approval for a merchant that takes no payments is rejected, and its ticket stays valid', async () => {
  await using test = await createApprovalTest({ merchant: { takesPayments: false } })
  const ticket = await authenticatedPayment(test.gateway)
  assert.equal(codeOf(await approve(test.gateway, ticket)), 'S018')
  await saveMerchant(test.context, testMerchant)
  assert.equal(codeOf(await approve(test.gateway, ticket)), '3001')
})
