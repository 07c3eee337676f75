import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signResult } from '@sspay/protocol/signature'
import { approve } from '../../src/approval/approve.ts'
import { inquire } from '../../src/approval/inquire.ts'
import { authenticatedPayment, testMerchant } from '../approval/support.ts'
import { part, sum, withCancelTest } from './support.ts'

type Answer = Readonly<Record<string, string>>

test(
  'the approval of a payment that was partly cancelled since is replayed as the inquiry tells it',
  withCancelTest(async (test) => {
    const ticket = await authenticatedPayment(test.gateway, { amount: 10_000 })
    const approval: Answer = JSON.parse(await approve(test.gateway, ticket))
    await test.cancel(part(ticket.transactionId, 4_000, 1))
    const replayed = await approve(test.gateway, ticket)
    assert.equal(replayed, await inquire(test.gateway, ticket))
    assert.deepEqual(JSON.parse(replayed), { ...approval, StateCd: '1', CancelAmt: '4000' })
  }),
)

for (const how of ['in full', 'in parts'] as const) {
  test(
    `the approval of a payment that was cancelled ${how} since is no approval any more, in a replay and an inquiry alike`,
    withCancelTest(async (test) => {
      const ticket = await authenticatedPayment(test.gateway, { amount: 10_000 })
      const { transactionId: Tid } = ticket
      const approval: Answer = JSON.parse(await approve(test.gateway, ticket))
      if (how === 'in full') await test.cancel({ Tid })
      else for (const sequence of [1, 2]) await test.cancel(part(Tid, 5_000, sequence))
      const replayed = await approve(test.gateway, ticket)
      assert.equal(replayed, await inquire(test.gateway, ticket))
      assert.equal(await approve(test.gateway, ticket), replayed)
      const code = '2013'
      const SignValue = signResult({ transactionId: Tid, resultCode: code }, testMerchant.merchantKey.expose())
      assert.deepEqual(JSON.parse(replayed), {
        ...approval,
        ResultCode: code,
        ResultMsg: '이미 취소된 거래입니다.',
        SignValue,
        StateCd: '1',
        CancelAmt: '10000',
      })
    }),
  )
}

for (const [repeatedCancellation, repeated] of [
  ['replay', '2001'],
  ['reject', '2013'],
] as const)
  test(
    `the same cancellation in full again is answered ${repeated} (${repeatedCancellation}), a part is replayed`,
    withCancelTest(
      async (test) => {
        const Tid = await test.approvedPayment()
        const first = await test.cancelText({ Tid })
        const again = await test.cancelText({ Tid })
        assert.equal(JSON.parse(again).ResultCode, repeated)
        assert.equal(again === first, repeatedCancellation === 'replay')
        const other = await test.approvedPayment()
        const rest = await test.cancelText(part(other, 10_000, 1))
        assert.equal(await test.cancelText(part(other, 10_000, 1)), rest)
        assert.equal(JSON.parse(rest).ResultCode, '2001')
        assert.equal(sum(test.takenBack.values()), 20_000)
      },
      { merchant: { repeatedCancellation } },
    ),
  )

test(
  'where repeated approvals are rejected, the ticket is spent and the inquiry answers that the payment is cancelled',
  withCancelTest(
    async (test) => {
      const ticket = await authenticatedPayment(test.gateway, { amount: 10_000 })
      await approve(test.gateway, ticket)
      await test.cancel({ Tid: ticket.transactionId })
      assert.equal(JSON.parse(await approve(test.gateway, ticket)).ResultCode, 'S104')
      assert.equal(JSON.parse(await inquire(test.gateway, ticket)).ResultCode, '2013')
    },
    { merchant: { repeatedApproval: 'reject' } },
  ),
)
