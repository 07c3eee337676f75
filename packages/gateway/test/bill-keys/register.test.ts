import assert from 'node:assert/strict'
import { type TestContext as Running, test } from 'node:test'
import { deleteMember, registerBillKey } from '../../../merchant/src/index.ts'
import type { BillKeyPolicy } from '../../src/merchants/bill-key-policy.ts'
import { isBillKeyPolicyAllowed } from '../../src/merchants/bill-key-policy.ts'
import { findMerchantProblems } from '../../src/merchants/model.ts'
import { deleteCard } from '../../src/vault/store.ts'
import { testMerchant } from '../approval/support.ts'
import { type BillKeyTest, card, createBillKeyTest, policy } from './support.ts'

async function open(t: Running, billKeys: BillKeyPolicy = policy): Promise<BillKeyTest> {
  const fixture = await createBillKeyTest({ merchant: { billKeys } })
  t.after(() => fixture.close())
  return fixture
}

const otherCard = { cardNumber: '9406000030810007', orderId: 'REG-2' }

/** Whether the key can be charged: the code of the answer. */
async function codeOfCharge(test: BillKeyTest, billKey: string): Promise<string> {
  const charged = await test.charge(billKey, { orderId: `C${billKey.slice(-8)}${test.authorizations()}` })
  if (charged.outcome === 'approved') return '3001'
  return 'code' in charged ? charged.code : JSON.stringify(charged)
}

async function codeOfIssue(test: BillKeyTest, changed: Partial<typeof card>): Promise<string> {
  const issued = await registerBillKey(test.shop, { ...card, ...changed })
  return issued.outcome === 'not_issued' ? issued.code : issued.outcome
}

test('a key is shown with its masked card, and can be charged', async (t) => {
  const test = await open(t)
  const issued = await registerBillKey(test.shop, card)
  assert.equal(issued.outcome, 'issued', JSON.stringify(issued))
  if (issued.outcome !== 'issued') return
  assert.match(issued.exposeBillKey(), /^BTK[0-9A-Z]{25}$/)
  assert.match(JSON.stringify(issued), /9406-\*{4}-\*{4}-0001/)
  assert.ok(!JSON.stringify(issued).includes(card.cardNumber))
  assert.equal(await codeOfCharge(test, issued.exposeBillKey()), '3001')
})

const policies = (['reject', 'return', 'replace', 'add'] as const).flatMap((sameCard) =>
  (['reject', 'replace', 'add'] as const).flatMap((other) =>
    (['one', 'many'] as const).map(
      (perMember): BillKeyPolicy => ({ sameCard, otherCard: other, perMember, identity: 'off' }),
    ),
  ),
)

for (const billKeys of policies) {
  const { sameCard, otherCard: other, perMember } = billKeys
  const name = `the same card: ${sameCard}, another: ${other}, ${perMember} for each member`
  if (!isBillKeyPolicyAllowed(billKeys)) {
    test(`${name}: cannot be set up`, () =>
      assert.deepEqual(findMerchantProblems({ ...testMerchant, billKeys }), ['bill_keys']))
    continue
  }
  test(`${name}: behaves so`, async (t) => {
    const test = await open(t, billKeys)
    const first = await test.issue()

    if (sameCard === 'reject') assert.equal(await codeOfIssue(test, { orderId: 'REG-3' }), 'S604')
    const second = sameCard === 'reject' ? first : await test.issue({ orderId: 'REG-3' })
    assert.equal(second === first, sameCard === 'reject' || sameCard === 'return')
    const isFirstKept = second === first || (sameCard === 'add' && perMember === 'many')
    assert.equal(await codeOfCharge(test, first), isFirstKept ? '3001' : 'S603')

    if (other === 'reject') {
      assert.equal(await codeOfIssue(test, otherCard), 'S605')
      assert.equal(await codeOfCharge(test, second), '3001')
      return
    }
    const third = await test.issue(otherCard)
    assert.equal(await codeOfCharge(test, second), other === 'add' ? '3001' : 'S603')
    assert.equal(await codeOfCharge(test, third), '3001')
  })
}

test('identity by phone: who is no member yet registers no card without the window', async (t) => {
  const test = await open(t, { ...policy, identity: 'phone' })
  assert.equal(await codeOfIssue(test, {}), 'S301')
})

test('a foreign card, an expired one, a wrong number and one whose owner is of the wrong kind', async (t) => {
  const test = await open(t)
  assert.equal(await codeOfIssue(test, { cardNumber: '4111111111111111' }), 'S606')
  assert.notEqual(await codeOfIssue(test, { cardExpiry: '2001' }), 'issued')
  assert.notEqual(await codeOfIssue(test, { cardNumber: '9406000000000002' }), 'issued')
  assert.equal(await codeOfIssue(test, { birthDateOrBusinessNumber: '1234567890' }), 'S607')
})

test('a deleted key charges nothing, and says so; its earlier charge is still answered', async (t) => {
  const test = await open(t)
  const billKey = await test.issue()
  assert.equal((await test.charge(billKey)).outcome, 'approved')
  assert.equal((await test.remove(billKey)).outcome, 'deleted')
  assert.equal(await codeOfCharge(test, billKey), 'S602')
  assert.equal((await test.charge(billKey)).outcome, 'approved')
  const again = await test.remove(billKey)
  assert.equal(again.outcome === 'rejected' ? again.code : JSON.stringify(again), 'S602')
  assert.equal(test.authorizations(), 1)
})

test('with the member every key ends, and the next charge says so', async (t) => {
  const test = await open(t)
  const keys = [await test.issue(), await test.issue(otherCard)]
  assert.equal((await deleteMember(test.shop, card.customerId)).outcome, 'deleted')
  for (const billKey of keys) assert.equal(await codeOfCharge(test, billKey), 'S603')
  assert.equal(test.authorizations(), 0)
})

test('with its card a key ends, the keys of other cards do not', async (t) => {
  const test = await open(t)
  const [first, second] = [await test.issue(), await test.issue(otherCard)]
  const [row] = await test.context.storage.read<{ readonly card_id: string; readonly member_id: string }>(
    "select card_id, member_id from cards where masked_number like '940600%0001'",
  )
  assert.ok(row)
  assert.ok(await deleteCard(test.context, { cardId: row.card_id, memberId: row.member_id }))
  assert.equal(await codeOfCharge(test, first), 'S603')
  assert.equal(await codeOfCharge(test, second), '3001')
})
