import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../../../../test/support/until.ts'
import { approve } from '../../src/approval/approve.ts'
import { inquire } from '../../src/approval/inquire.ts'
import { abandonedAfterMs } from '../../src/approval/overdue.ts'
import type { ApprovalContext } from '../../src/approval/record-outcome.ts'
import { resolveUnresolved } from '../../src/approval/resolve.ts'
import { eventsOf, findPayment } from '../../src/approval/store.ts'
import { isChainIntact } from '../../src/event-chain.ts'
import { formsOf } from '../notifications/support.ts'
import { type ApprovalTest, approved, authenticatedPayment, codeOf, createApprovalTest } from './support.ts'

const withGateway =
  (work: (test: ApprovalTest) => Promise<void>, options: Parameters<typeof createApprovalTest>[0] = {}) =>
  async () => {
    const opened = await createApprovalTest(options)
    try {
      await work(opened)
    } finally {
      await opened.close()
    }
  }

const stateOf = async (gateway: ApprovalContext, transactionId: string) =>
  (await findPayment(gateway, transactionId))?.state

const callsOf = ({ network }: ApprovalTest, verb: string): readonly unknown[] =>
  network.calls.flatMap((call) => (call.verb === verb ? [call.request.transactionId] : []))

/** A payment whose approval the network did not answer. */
async function unresolvedPayment({ gateway, network }: ApprovalTest) {
  network.answerWith(() => undefined)
  const ticket = await authenticatedPayment(gateway)
  assert.equal(codeOf(await approve(gateway, ticket)), 'S401')
  return ticket
}

for (const repeatedApproval of ['replay', 'reject'] as const) {
  test(
    `a network that stays silent is asked until the time is over, then the payment is reversed until that is confirmed (${repeatedApproval})`,
    withGateway(
      async (test) => {
        const { gateway, network, clock } = test
        const ticket = await unresolvedPayment(test)
        const { transactionId } = ticket
        clock.advance(gateway.settings.reverseAfterMs - 1)
        await resolveUnresolved(gateway)
        assert.equal(await stateOf(gateway, transactionId), 'unresolved')
        assert.equal(callsOf(test, 'reverse').length, 0)

        clock.advance(1)
        await resolveUnresolved(gateway)
        assert.equal(await stateOf(gateway, transactionId), 'reversing')
        assert.equal(codeOf(await approve(gateway, ticket)), 'S401')
        assert.equal(codeOf(await inquire(gateway, ticket)), 'S401')

        network.answerWith((verb) => (verb === 'inquire' ? approved : undefined))
        await resolveUnresolved(gateway)
        assert.equal(await stateOf(gateway, transactionId), 'reversing', 'what was decided stays decided')
        network.answerWith(() => ({ outcome: 'reversed' }))
        await resolveUnresolved(gateway)
        assert.equal(await stateOf(gateway, transactionId), 'reversed')
        assert.equal(codeOf(await approve(gateway, ticket)), 'S402')
        assert.equal(codeOf(await inquire(gateway, ticket)), 'S402')

        const events = await eventsOf(gateway, transactionId)
        assert.deepEqual(events.map(({ to }) => to).slice(2), ['approving', 'unresolved', 'reversing', 'reversed'])
        assert.equal(isChainIntact(events), true)
        const forms = await formsOf(gateway, transactionId)
        assert.deepEqual(
          forms.map(({ fields: { ResultCode, StateCd, Tid } }) => [ResultCode, StateCd, Tid]),
          [['S402', '1', transactionId]],
        )
      },
      { merchant: { repeatedApproval } },
    ),
  )
}

test(
  'a decision to reverse survives a restart',
  withGateway(async (opened) => {
    const ticket = await unresolvedPayment(opened)
    opened.network.answerWith((verb) => (verb === 'inquire' ? { outcome: 'unknown_to_network' } : undefined))
    await resolveUnresolved(opened.gateway)
    assert.equal(await stateOf(opened.gateway, ticket.transactionId), 'reversing')

    await using next = await createApprovalTest({ folder: opened.folder })
    next.network.answerWith((verb) => (verb === 'reverse' ? { outcome: 'reversed' } : approved))
    await resolveUnresolved(next.gateway)
    assert.equal(codeOf(await inquire(next.gateway, ticket)), 'S402')
    assert.deepEqual(
      next.network.calls.map(({ verb }) => verb),
      ['reverse'],
    )
  }),
)

test(
  'an approval that comes back after another process has decided to reverse does not approve',
  withGateway(async ({ gateway, network, folder }) => {
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
    const late = {
      ...gateway,
      cardNetwork: {
        ...gateway.cardNetwork,
        async authorize() {
          await held
          return { ...approved, outcome: 'approved', cardKind: 'credit', approvedAt: new Date() } as const
        },
      },
    }
    await using other = await createApprovalTest({ folder })
    const resolver = { ...other.gateway, cardNetwork: gateway.cardNetwork }
    const ticket = await authenticatedPayment(gateway)
    const answer = approve(late, ticket)
    await until(async () => (await stateOf(gateway, ticket.transactionId)) === 'approving')
    other.clock.advance(abandonedAfterMs(gateway.settings))
    network.answerWith((verb) => (verb === 'inquire' ? { outcome: 'unknown_to_network' } : undefined))
    await resolveUnresolved(resolver)
    assert.equal(await stateOf(gateway, ticket.transactionId), 'reversing')
    letGo()
    assert.equal(codeOf(await answer), 'S401')
    network.answerWith(() => ({ outcome: 'reversed' }))
    await resolveUnresolved(resolver)
    assert.equal(codeOf(await approve(gateway, ticket)), 'S402')
  }),
)

test(
  'an inquiry that says approved before the decision approves, even after the time',
  withGateway(async (opened) => {
    const { gateway, network, clock } = opened
    const ticket = await unresolvedPayment(opened)
    clock.advance(gateway.settings.reverseAfterMs * 2)
    network.answerWith(() => approved)
    await resolveUnresolved(gateway)
    assert.equal(codeOf(await inquire(gateway, ticket)), '3001')
    assert.equal(callsOf(opened, 'reverse').length, 0)
  }),
)

test(
  'old silent payments do not hold up a newer one',
  withGateway(async (opened) => {
    const { gateway, network, clock } = opened
    network.answerWith(() => undefined)
    const old = await Promise.all(Array.from({ length: 45 }, () => authenticatedPayment(gateway)))
    await Promise.all(old.map((ticket) => approve(gateway, ticket)))
    for (let round = 0; round < 2; round++) {
      clock.advance(1000)
      await resolveUnresolved(gateway)
    }
    const newer = await unresolvedPayment(opened)
    const silentIds = new Set<unknown>(old.map(({ transactionId }) => transactionId))
    network.answerWith((_verb, { transactionId }) => (silentIds.has(transactionId) ? undefined : approved))
    clock.advance(1000)
    await resolveUnresolved(gateway)
    assert.equal(await stateOf(gateway, newer.transactionId), 'approved')
    assert.equal(new Set(callsOf(opened, 'inquire')).size, 46, 'and every old one was asked about')
  }),
)

for (const repeatedApproval of ['replay', 'reject'] as const) {
  test(
    `the inquiry describes a payment that waits for its approval, and nothing of the buyer (${repeatedApproval})`,
    withGateway(
      async ({ gateway }) => {
        const ticket = await authenticatedPayment(gateway)
        const answer = JSON.parse(await inquire(gateway, ticket))
        assert.deepEqual(
          { ...answer, SignValue: '', ResultMsg: '' },
          {
            Mid: 'ssptest01m',
            Amt: '1004',
            GoodsName: '커피 & 케이크',
            Tid: ticket.transactionId,
            Moid: 'ORD0001',
            MallUserId: 'user0001',
            ResultCode: 'S105',
            ResultMsg: '',
            MallReserved: '7ZWc6riAIOyYiOu5hA==',
            MerchantReserved: '7ZWc6riAIOyYiOu5hA==',
            ParentEmail: '',
            SubId: '',
            BuyerAuthNum: '',
            SignValue: '',
          },
        )
        assert.match(answer.SignValue, /^[A-Za-z0-9+/]{43}=$/)
        const wrong = await inquire(gateway, { ...ticket, approvalTicket: 'f'.repeat(64) })
        assert.equal(wrong.includes('ORD0001'), false)
        const approval = await approve(gateway, ticket)
        assert.equal(await inquire(gateway, ticket), approval)
      },
      { merchant: { repeatedApproval } },
    ),
  )
}

test(
  'a payment whose row is damaged is logged and keeps no other from being resolved',
  withGateway(async (test) => {
    const { gateway, network } = test
    const damaged = await unresolvedPayment(test)
    const whole = await unresolvedPayment(test)
    await gateway.storage.transact((transaction) =>
      transaction.write(`update payments set request_encrypted = 'AAAA' where transaction_id = ?1`, [
        damaged.transactionId,
      ]),
    )
    network.answerWith((verb) => (verb === 'inquire' ? approved : undefined))
    await resolveUnresolved(gateway)
    assert.equal(await stateOf(gateway, whole.transactionId), 'approved')
    assert.ok(test.lines.some((line) => line.includes('payment_unreadable') && line.includes(damaged.transactionId)))
  }),
)
