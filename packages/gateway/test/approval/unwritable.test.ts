import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireText } from '@sspay/protocol'
import { approve } from '../../src/approval/approve.ts'
import { inquire } from '../../src/approval/inquire.ts'
import type { ApprovalContext } from '../../src/approval/record-outcome.ts'
import { resolveUnresolved } from '../../src/approval/resolve.ts'
import { approvalRoute } from '../../src/approval/route.ts'
import { findPayment } from '../../src/approval/store.ts'
import { formOfAnswer } from '../../src/approval/write-notification.ts'
import { unusableAnswers } from '../../src/card-network/unusable-answers.ts'
import { formsOf } from '../notifications/support.ts'
import { type ApprovalTest, approved, authenticatedPayment, codeOf, createApprovalTest } from './support.ts'

const stateOf = async (gateway: ApprovalContext, transactionId: string) =>
  (await findPayment(gateway, transactionId))?.state

/** A name that an older gateway has saved, before names were held against the row that they are written into. */
const renameTo = ({ gateway }: ApprovalTest, name: string) =>
  gateway.storage.transact((transaction) => transaction.write('update merchants set name = ?1', [name]))

const verbsAsked = ({ network }: ApprovalTest): readonly string[] => network.calls.map(({ verb }) => verb)

const eventsIn = ({ lines }: ApprovalTest): readonly string[] => lines.map((line) => JSON.parse(line).event)

test('a rejection for a wrong field repeats a readable transaction id, and no ticket', async () => {
  await using test = await createApprovalTest()
  for (const [Tid, wanted] of [
    ['ssptest01m01012501020304104338', 'ssptest01m01012501020304104338'],
    ['<b>', undefined],
  ] as const) {
    const body = JSON.stringify({ Tid, TrAuthKey: 'not a ticket' })
    const answer = await approvalRoute(test.gateway)(new Request('https://gateway.test/a', { method: 'POST', body }))
    const text = await answer.text()
    const { ResultCode, Tid: tid, MallReserved } = JSON.parse(text)
    assert.deepEqual([ResultCode, tid, MallReserved], ['S001', wanted, ''])
    assert.doesNotMatch(text, /not a ticket/)
  }
})

for (const name of ['줄바꿈\n상점', 'tab\tshop', 'x'.repeat(61)]) {
  test(`an approval that could not be answered is rejected before the card network is asked (${JSON.stringify(name).slice(0, 12)})`, async () => {
    await using test = await createApprovalTest()
    const { gateway } = test
    const ticket = await authenticatedPayment(gateway)
    await renameTo(test, name)
    assert.equal(codeOf(await approve(gateway, ticket)), 'S018')
    assert.deepEqual(verbsAsked(test), [])
    assert.equal(await stateOf(gateway, ticket.transactionId), 'authenticated')
    assert.equal(codeOf(await inquire(gateway, ticket)), 'S105')

    await renameTo(test, '테스트 상점')
    assert.equal(codeOf(await approve(gateway, ticket)), '3001', 'the ticket stayed good')
  })
}

test('an approval whose own fields cannot be written asks nobody, and alerts', async () => {
  await using test = await createApprovalTest()
  const { gateway } = test
  const ticket = await authenticatedPayment(gateway, { goodsName: 'x'.repeat(41) })
  const before = unusableAnswers('gateway')
  assert.equal(codeOf(await approve(gateway, ticket)), 'S001')
  assert.deepEqual(verbsAsked(test), [])
  assert.equal(await stateOf(gateway, ticket.transactionId), 'authenticated')
  assert.equal(unusableAnswers('gateway'), before + 1)
  assert.ok(test.lines.some((line) => line.includes('answer_unwritable') && line.includes('goodsName')))
})

test('an approval that cannot be written once it is charged is reversed in time, and alerts', async () => {
  await using test = await createApprovalTest()
  const { gateway, network, clock } = test
  const ticket = await authenticatedPayment(gateway)
  const { transactionId } = ticket
  network.answerWith(() => undefined)
  assert.equal(codeOf(await approve(gateway, ticket)), 'S401')
  await renameTo(test, 'bad\nname')
  assert.equal(codeOf(await inquire(gateway, ticket)), 'S401')

  const before = unusableAnswers('gateway')
  network.answerWith((verb) => (verb === 'reverse' ? { outcome: 'reversed' } : approved))
  await resolveUnresolved(gateway)
  assert.equal(await stateOf(gateway, transactionId), 'unresolved', 'the merchant may still be corrected')
  assert.equal(unusableAnswers('gateway'), before + 1)
  assert.ok(eventsIn(test).includes('approval_unwritable'))
  clock.advance(gateway.settings.reverseAfterMs)
  await resolveUnresolved(gateway)
  assert.equal(await stateOf(gateway, transactionId), 'reversed')
  const answer = JSON.parse(await inquire(gateway, ticket))
  assert.deepEqual([answer.ResultCode, answer.Tid, answer.Amt, answer.CoNm], ['S402', transactionId, '1004', undefined])
  const [form] = await formsOf(gateway, transactionId)
  assert.deepEqual([form?.state, form?.fields.ResultCode, form?.fields.StateCd], ['reversed', 'S402', '1'])
})

test('the merchant is corrected before the reversal: what was charged is approved', async () => {
  await using test = await createApprovalTest()
  const { gateway, network } = test
  const ticket = await authenticatedPayment(gateway)
  network.answerWith(() => undefined)
  assert.equal(codeOf(await approve(gateway, ticket)), 'S401')
  network.answerWith(() => approved)
  await renameTo(test, 'bad\nname')
  await resolveUnresolved(gateway)
  assert.equal(codeOf(await inquire(gateway, ticket)), 'S401')
  await renameTo(test, '테스트 상점')
  await resolveUnresolved(gateway)
  assert.equal(codeOf(await inquire(gateway, ticket)), '3001')
})

const impossible: readonly (readonly [what: string, changes: Readonly<Record<string, unknown>>])[] = [
  ['a time before 2000', { approvedAt: '1999-12-31T23:59:59+09:00' }],
  ['a time after 2099', { approvedAt: '2100-01-01T00:00:00+09:00' }],
  ['an approval number that cannot be written', { approvalNumber: '승인-1' }],
  ['an approval number as a number', { approvalNumber: 30001234 }],
  ['an approval number that is too long', { approvalNumber: '1'.repeat(31) }],
  ['another amount', { amount: 1005 }],
]

for (const [what, changes] of impossible) {
  test(`an approval of the card network with ${what} counts as no answer, and is reversed`, async () => {
    await using test = await createApprovalTest()
    const { gateway, network, clock } = test
    network.answerWith((verb) => (verb === 'reverse' ? { outcome: 'reversed' } : { ...approved, ...changes }))
    const before = unusableAnswers('card_network')
    const ticket = await authenticatedPayment(gateway)
    assert.equal(codeOf(await approve(gateway, ticket)), 'S401')
    clock.advance(gateway.settings.reverseAfterMs)
    await resolveUnresolved(gateway)
    assert.equal(await stateOf(gateway, ticket.transactionId), 'reversed')
    assert.deepEqual(verbsAsked(test), ['authorize', 'inquire', 'reverse'])
    assert.equal(unusableAnswers('card_network'), before + 2)
  })
}

test('whatever another way to the card network says, an approval that cannot be written is not one', async () => {
  await using test = await createApprovalTest()
  const { gateway } = test
  const authorize = async () =>
    ({ ...approved, outcome: 'approved', cardKind: 'credit', approvedAt: new Date(Number.NaN) }) as const
  const ticket = await authenticatedPayment(gateway)
  const odd = { ...gateway, cardNetwork: { ...gateway.cardNetwork, authorize } }
  assert.equal(codeOf(await approve(odd, ticket)), 'S401')
  assert.equal(await stateOf(gateway, ticket.transactionId), 'unresolved')
})

/** Puts a stored answer in place of another, as a damaged or older database has it. */
async function storeAnswer({ gateway }: ApprovalTest, transactionId: string, answer: string): Promise<void> {
  const encrypted = gateway.keyRing.encrypt(answer, `answer:${transactionId}`)
  await gateway.storage.transact((transaction) =>
    transaction.write('update payments set answer_encrypted = ?2, cancelled_at = ?3 where transaction_id = ?1', [
      transactionId,
      encrypted,
      gateway.runtime.now().getTime(),
    ]),
  )
}

test('a stored answer that today’s table rejects is returned without the rejected field', async () => {
  await using test = await createApprovalTest()
  const { gateway } = test
  const ticket = await authenticatedPayment(gateway)
  const wire: WireText = JSON.parse(await approve(gateway, ticket))
  await storeAnswer(test, ticket.transactionId, JSON.stringify({ ...wire, CoNm: 'old\tname' }))
  const answer = JSON.parse(await inquire(gateway, ticket))
  assert.deepEqual(
    [answer.ResultCode, answer.AuthCode, answer.CoNm, answer.CancelAmt],
    ['3001', '30001234', undefined, '0'],
  )
  const form = await formOfAnswer(gateway, { ...ticket, paymentState: 'approved' })
  assert.deepEqual([form?.ResultCode, form?.CoNm], ['3001', undefined])
})

for (const damaged of ['', '{', 'null', '[]', '{"ResultCode":3001}', '{"Tid":"x"}']) {
  test(`inquiry, replay and notification do not throw because of a stored answer that is ${JSON.stringify(damaged)}`, async () => {
    await using test = await createApprovalTest()
    const { gateway } = test
    const ticket = await authenticatedPayment(gateway)
    await approve(gateway, ticket)
    await storeAnswer(test, ticket.transactionId, damaged)
    assert.equal(codeOf(await inquire(gateway, ticket)), 'S999')
    assert.equal(codeOf(await approve(gateway, ticket)), 'S999')
    assert.equal(await formOfAnswer(gateway, { ...ticket, paymentState: 'approved' }), undefined)
  })
}
