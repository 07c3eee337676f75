import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BillKeyPolicy, isBillKeyPolicyAllowed } from '../../src/merchants/bill-key-policy.ts'
import { saveMerchant } from '../../src/merchants/store.ts'
import { testMerchant } from '../approval/support.ts'
import { createBillKeyTest, secondCard } from './support.ts'

const policies: readonly BillKeyPolicy[] = (['reject', 'return', 'replace', 'add'] as const).flatMap((sameCard) =>
  (['reject', 'replace', 'add'] as const).flatMap((otherCard) =>
    (['one', 'many'] as const).map((perMember) => ({ sameCard, otherCard, perMember, identity: 'off' as const })),
  ),
)

for (const policy of policies.filter(isBillKeyPolicyAllowed))
  test(`same card ${policy.sameCard}, other card ${policy.otherCard}, ${policy.perMember} per member`, async () => {
    await using shop = await createBillKeyTest(policy)
    const first = await shop.issue()
    const state = async (billKey: string, Moid: string) => (await shop.charge(billKey, { Moid })).ResultCode

    const again = await shop.register()
    if (policy.sameCard === 'reject') assert.equal(again.ResultCode, 'S604')
    if (policy.sameCard === 'return') assert.equal(await shop.issue(), first)
    const ends = policy.sameCard === 'replace' || (policy.sameCard === 'add' && policy.perMember === 'one')
    assert.equal(await state(first, 'AFTER-SAME'), ends ? 'S603' : '3001')

    const other = await shop.register({ CardNum: secondCard })
    assert.equal(other.ResultCode, policy.otherCard === 'reject' ? 'S605' : '3001')
    assert.equal(await state(first, 'AFTER-OTHER'), ends || policy.otherCard === 'replace' ? 'S603' : '3001')
  })

for (const policy of policies.filter((one) => !isBillKeyPolicyAllowed(one)))
  test(`rejected at set-up: same card ${policy.sameCard}, other card ${policy.otherCard}, ${policy.perMember}`, async () => {
    await using shop = await createBillKeyTest()
    await assert.rejects(saveMerchant(shop.gateway, { ...testMerchant, billKeys: policy }), /bill_keys/)
  })
