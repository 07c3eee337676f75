import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resolveUnresolved } from '../../src/approval/resolve.ts'
import { eventsOf, findPayment } from '../../src/approval/store.ts'
import { cancel } from '../../src/cancellation/cancel.ts'
import { deleteMember } from '../../src/members/delete-member.ts'
import { saveMerchant } from '../../src/merchants/store.ts'
import { approved, testMerchant } from '../approval/support.ts'
import { createBillKeyTest, usualPolicy } from './support.ts'

const authorizations = ({ network }: { readonly network: { readonly calls: readonly { readonly verb: string }[] } }) =>
  network.calls.filter(({ verb }) => verb === 'authorize').length

test('a charge is a payment of its key, without an authentication', async () => {
  await using shop = await createBillKeyTest()
  const billKey = await shop.issue()
  const answer = await shop.charge(billKey)
  assert.deepEqual([answer.ResultCode, answer.Amt, answer.Moid], ['3001', '9900', 'MONTH-1'])
  const payment = await findPayment(shop.gateway, answer.Tid ?? '')
  assert.equal(payment?.state, 'approved')
  assert.match(payment?.billKeyId ?? '', /^[0-9a-f]{32}$/)
  const events = await eventsOf(shop.gateway, answer.Tid ?? '')
  assert.deepEqual(
    events.map(({ event, to }) => [event, to]),
    [
      ['chargeRequested', 'approving'],
      ['networkApproved', 'approved'],
    ],
  )
})

test('the same charge again, at once or later, is answered with the same bytes and charged once', async () => {
  await using shop = await createBillKeyTest()
  const billKey = await shop.issue()
  const [first, ...others] = await Promise.all(Array.from({ length: 8 }, () => shop.charge(billKey)))
  assert.ok(others.every((answer) => answer.Tid === first?.Tid && answer.ResultCode === '3001'))
  assert.deepEqual(await shop.charge(billKey, { EdiDate: '20250102030407' }), first)
  assert.equal(authorizations(shop), 1)
})

test('a charge is refunded like any payment', async () => {
  await using shop = await createBillKeyTest()
  const { Tid: transactionId = '', Mid: merchantId = '' } = await shop.charge(await shop.issue())
  shop.network.answerWith((_verb, { cancelSequence, cancelAmount }) => {
    return { outcome: 'cancelled', cancelSequence, cancelAmount, cancelledAt: '2025-01-02T03:04:08+09:00' }
  })
  const wanted = { transactionId, merchantId, cancelSequence: 1, amount: 9900, scope: 'full' } as const
  assert.match(await cancel(shop.gateway, wanted, 'replay'), /"ResultCode":"2001"/)
  assert.equal((await findPayment(shop.gateway, transactionId))?.state, 'cancelled')
})

test('another amount for the same order is rejected, another order is another charge', async () => {
  await using shop = await createBillKeyTest()
  const billKey = await shop.issue()
  await shop.charge(billKey)
  assert.equal((await shop.charge(billKey, { Amt: '9901' })).ResultCode, 'S608')
  assert.equal((await shop.charge(billKey, { Moid: 'MONTH-2' })).ResultCode, '3001')
  assert.equal(authorizations(shop), 2)
})

test('a decline is recorded: the same order is not charged again', async () => {
  await using shop = await createBillKeyTest()
  const billKey = await shop.issue()
  shop.network.answerWith(() => ({ outcome: 'declined', reason: 'balance_insufficient' }))
  assert.equal((await shop.charge(billKey)).ResultCode, '3081')
  shop.network.answerWith(() => approved)
  assert.equal((await shop.charge(billKey)).ResultCode, '3081')
  assert.equal(authorizations(shop), 1)
})

test('a charge without an answer is inquired about, and the shop hears the outcome by repeating it', async () => {
  await using shop = await createBillKeyTest()
  const billKey = await shop.issue()
  shop.network.answerWith(() => undefined)
  assert.equal((await shop.charge(billKey)).ResultCode, 'S401')
  shop.network.answerWith(() => approved)
  await resolveUnresolved(shop.gateway)
  assert.equal((await shop.charge(billKey)).ResultCode, '3001')
  assert.equal(authorizations(shop), 1)
})

test('a charge that the network does not know is reversed', async () => {
  await using shop = await createBillKeyTest()
  const billKey = await shop.issue()
  shop.network.answerWith(() => undefined)
  await shop.charge(billKey)
  shop.network.answerWith((verb) => ({ outcome: verb === 'inquire' ? 'unknown_to_network' : 'reversed' }))
  await resolveUnresolved(shop.gateway)
  assert.equal((await shop.charge(billKey)).ResultCode, 'S402')
})

test('after the member is deleted no key is charged, and a charge made before is still answered', async () => {
  await using shop = await createBillKeyTest()
  const billKey = await shop.issue()
  await shop.charge(billKey)
  const deletion = { ...testMerchant, customerId: 'user0001', bodyFingerprints: ['body'] }
  assert.equal(await deleteMember(shop.gateway, deletion), 'member_deleted')
  assert.equal((await shop.charge(billKey, { Moid: 'MONTH-2' })).ResultCode, 'S603')
  assert.equal((await shop.charge(billKey)).ResultCode, '3001')
  assert.equal(authorizations(shop), 1)
})

test('unknown keys, expired cards, disabled merchants and wrong requests begin nothing', async () => {
  await using shop = await createBillKeyTest()
  const billKey = await shop.issue()
  const codeOf = async (changes: Readonly<Record<string, string>>, key = billKey) =>
    (await shop.charge(key, changes)).ResultCode
  assert.equal(await codeOf({}, 'BTK0000000000000001'), 'S601')
  assert.equal(await codeOf({ VerifyValue: 'A'.repeat(43).concat('=') }), 'S304')
  assert.equal(await codeOf({ TaxAmt: '1' }), 'S008')
  assert.equal(await codeOf({ Amt: '10' }), 'S007')
  assert.equal(await codeOf({ CardQuota: '03' }), 'S013')
  assert.equal(await codeOf({ Mid: 'ssptest02m' }), 'S302')
  await saveMerchant(shop.gateway, { ...testMerchant, billKeys: usualPolicy, takesPayments: false })
  assert.equal(await codeOf({}), 'S018')
  await saveMerchant(shop.gateway, { ...testMerchant, billKeys: undefined })
  assert.equal(await codeOf({}), 'S609')
  await saveMerchant(shop.gateway, { ...testMerchant, billKeys: usualPolicy })
  shop.clock.set(new Date('2031-01-01T00:00:00+09:00'))
  assert.equal(await codeOf({}), '3021')
  assert.equal(authorizations(shop), 0)
})
