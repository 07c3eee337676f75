import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { until } from '../../../../test/support/until.ts'
import { approve } from '../../src/approval/approve.ts'
import { inquire } from '../../src/approval/inquire.ts'
import type { ApprovalContext } from '../../src/approval/record-outcome.ts'
import { resolveUnresolved } from '../../src/approval/resolve.ts'
import { eventsOf, findPayment } from '../../src/approval/store.ts'
import { isChainIntact } from '../../src/event-chain.ts'
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

const notificationsOf = async ({ storage }: ApprovalContext) => {
  const rows = await storage.read('select transaction_id, sequence, payment_state from notifications')
  return rows.map((row) => ({ ...row }))
}

describe('approve', () => {
  test(
    'an approved answer carries the fields of the guide, all of them text',
    withGateway(async ({ gateway }) => {
      const ticket = await authenticatedPayment(gateway)
      const answer = JSON.parse(await approve(gateway, ticket)) as Record<string, unknown>
      assert.deepEqual(
        { ...answer, SignValue: '' },
        {
          PayMethod: 'CARD',
          Mid: 'ssptest01m',
          Amt: '1004',
          GoodsName: '커피 & 케이크',
          Tid: ticket.transactionId,
          Moid: 'ORD0001',
          BuyerName: '홍길동카나리아',
          MallUserId: 'user0001',
          AuthDate: '250102030406',
          AuthCode: '30001234',
          ResultCode: '3001',
          ResultMsg: '카드 결제 성공',
          AppCardCode: '04',
          AppCardName: '삼성',
          AcquCardCode: '04',
          AcquCardName: '삼성',
          CardMerchantNo: '00951234567',
          CardNum: '411111******1111',
          MallReserved: '7ZWc6riAIOyYiOu5hA==',
          MerchantReserved: '7ZWc6riAIOyYiOu5hA==',
          CardQuota: '00',
          CardInterest: '0',
          CardType: '0',
          GoodsCnt: '1',
          EdiDate: '20250102030405',
          BuyerTel: '010-9876-1234',
          BuyerEmail: 'canary@buyer.example',
          CoNm: '테스트 상점',
          Currency: 'KRW',
          UsePoint: '000000000',
          BalancePoint: '000000000',
          ParentEmail: '',
          SubId: '',
          BuyerAuthNum: '',
          EscrowCd: '0',
          GreenDeposit: '000000000000',
          MerInterestCl: 'N',
          CardOwnerType: '0',
          SignValue: '',
        },
      )
    }),
  )

  test(
    'a request without a note gets an empty one back',
    withGateway(async ({ gateway }) => {
      const ticket = await authenticatedPayment(gateway, { merchantNote: undefined })
      const answer = JSON.parse(await approve(gateway, ticket))
      assert.deepEqual([answer.MallReserved, answer.MerchantReserved], ['', ''])
    }),
  )

  test(
    'the network and the shop hear which instalments cost no interest',
    withGateway(async ({ gateway, network }) => {
      const chosen = { installmentMonths: 3, isInterestFree: true }
      const ticket = await authenticatedPayment(gateway, { amount: 50_000 }, chosen)
      const answers = [await approve(gateway, ticket), await inquire(gateway, ticket)].map((text) => JSON.parse(text))
      assert.deepEqual(
        answers.map(({ CardQuota, CardInterest }) => [CardQuota, CardInterest]),
        [
          ['03', '1'],
          ['03', '1'],
        ],
      )
      assert.equal(network.calls[0]?.request.isInterestFree, true)
    }),
  )

  for (const repeatedApproval of ['replay', 'reject'] as const) {
    test(
      `fifty parallel approvals ask the card network once and get the same bytes (${repeatedApproval})`,
      withGateway(
        async ({ gateway, network }) => {
          const ticket = await authenticatedPayment(gateway)
          const bodies = await Promise.all(Array.from({ length: 50 }, () => approve(gateway, ticket)))
          assert.equal(new Set(bodies).size, 1)
          assert.equal(codeOf(bodies[0] ?? ''), '3001')
          assert.deepEqual(
            network.calls.map(({ verb }) => verb),
            ['authorize'],
          )
        },
        { merchant: { repeatedApproval } },
      ),
    )
  }

  test(
    'two processes on one database share one answer and one network call',
    withGateway(async ({ gateway, network, folder }) => {
      const ticket = await authenticatedPayment(gateway)
      await using other = await createApprovalTest({ folder })
      const secondGateway = { ...other.gateway, cardNetwork: gateway.cardNetwork }
      const bodies = await Promise.all([approve(gateway, ticket), approve(secondGateway, ticket)])
      assert.equal(bodies[0], bodies[1])
      assert.equal(network.calls.length, 1)
    }),
  )

  test(
    'a repeat gets the byte-identical answer until the replay time is over, then the ticket is spent',
    withGateway(async ({ gateway, clock, network }) => {
      const ticket = await authenticatedPayment(gateway)
      const first = await approve(gateway, ticket)
      clock.advance(gateway.settings.answerReplayMs - 1)
      assert.equal(await approve(gateway, ticket), first)
      clock.advance(1)
      assert.equal(codeOf(await approve(gateway, ticket)), 'S104')
      assert.equal(network.calls.length, 1)
    }),
  )

  test(
    'a strict merchant gets the answer once; the inquiry still tells it',
    withGateway(
      async ({ gateway }) => {
        const ticket = await authenticatedPayment(gateway)
        assert.equal(codeOf(await inquire(gateway, ticket)), 'S105')
        const first = await approve(gateway, ticket)
        assert.equal(codeOf(await approve(gateway, ticket)), 'S104')
        assert.equal(await inquire(gateway, ticket), first)
      },
      { merchant: { repeatedApproval: 'reject' } },
    ),
  )

  test(
    'an unknown transaction and a wrong ticket get the same answer, and ask nobody',
    withGateway(async ({ gateway, network }) => {
      const { transactionId, approvalTicket } = await authenticatedPayment(gateway)
      const wrongTicket = await approve(gateway, { transactionId, approvalTicket: 'f'.repeat(64) })
      const unknownId = 'ssptest01m01012501020304049999'
      const unknown = await approve(gateway, { transactionId: unknownId, approvalTicket })
      assert.equal(wrongTicket, unknown.replace(unknownId, transactionId))
      assert.equal(codeOf(unknown), 'S101')
      assert.equal(network.calls.length, 0)
    }),
  )

  test(
    'an expired ticket is rejected and the payment is closed',
    withGateway(async ({ gateway, clock, network }) => {
      const ticket = await authenticatedPayment(gateway)
      clock.advance(gateway.settings.ticketLifeMs)
      assert.equal(codeOf(await approve(gateway, ticket)), 'S102')
      assert.equal(codeOf(await approve(gateway, ticket)), 'S102')
      assert.equal((await findPayment(gateway, ticket.transactionId))?.state, 'expired')
      assert.equal(network.calls.length, 0)
    }),
  )

  test(
    'a declined answer names the reason and has no approval number; nobody is notified',
    withGateway(async ({ gateway, network }) => {
      network.answerWith(() => ({ outcome: 'declined', reason: 'balance_insufficient' }))
      const ticket = await authenticatedPayment(gateway)
      const answer = JSON.parse(await approve(gateway, ticket))
      assert.equal(answer.ResultCode, '3081')
      assert.equal(answer.ResultMsg.includes('성공'), false)
      assert.deepEqual([answer.Tid, answer.Moid, answer.Amt], [ticket.transactionId, 'ORD0001', '1004'])
      assert.equal('AuthCode' in answer || 'AuthDate' in answer, false)
      assert.deepEqual(await notificationsOf(gateway), [])
    }),
  )

  test(
    'a payment whose card was taken away is declined without asking the network',
    withGateway(async ({ gateway, network }) => {
      const ticket = await authenticatedPayment(gateway)
      await gateway.storage.transact((transaction) => transaction.write('delete from cards'))
      assert.equal(codeOf(await approve(gateway, ticket)), '3011')
      assert.equal(network.calls.length, 0)
    }),
  )

  test(
    'the intent is durable before the network is asked, and the events chain up',
    withGateway(async ({ gateway, network }) => {
      const ticket = await authenticatedPayment(gateway)
      const seen: (string | undefined)[] = []
      network.answerWith(async () => {
        seen.push((await findPayment(gateway, ticket.transactionId))?.state)
        return approved
      })
      await approve(gateway, ticket)
      assert.deepEqual(seen, ['approving'])
      const events = await eventsOf(gateway, ticket.transactionId)
      assert.deepEqual(
        events.map(({ to }) => to),
        ['requested', 'authenticated', 'approving', 'approved'],
      )
      assert.equal(isChainIntact(events), true)
      assert.equal(isChainIntact(events.map((event) => ({ ...event, note: 'changed' }))), false)
      assert.equal(isChainIntact(events.slice(1)), false)
      assert.deepEqual(await notificationsOf(gateway), [
        { transaction_id: ticket.transactionId, sequence: 4, payment_state: 'approved' },
      ])
    }),
  )
})

describe('an outcome that nobody knows', () => {
  for (const [what, inquiry, code, state] of [
    ['approved after all', approved, '3001', 'approved'],
    ['declined after all', { outcome: 'declined', reason: 'issuer_declined' }, '3095', 'declined'],
    ['never seen, so it is reversed', { outcome: 'unknown_to_network' }, 'S402', 'reversed'],
  ] as const) {
    test(
      `silence is unresolved, then ${what}`,
      withGateway(async ({ gateway, network }) => {
        network.answerWith(() => undefined)
        const ticket = await authenticatedPayment(gateway)
        const silent = await approve(gateway, ticket)
        assert.equal(codeOf(silent), 'S401')
        assert.equal(await approve(gateway, ticket), silent)
        await resolveUnresolved(gateway)
        assert.equal(codeOf(await inquire(gateway, ticket)), 'S401')

        network.answerWith((verb) => (verb === 'inquire' ? inquiry : { outcome: 'reversed' }))
        await Promise.all([resolveUnresolved(gateway), resolveUnresolved(gateway)])
        assert.equal(codeOf(await approve(gateway, ticket)), code)
        assert.equal((await findPayment(gateway, ticket.transactionId))?.state, state)
        assert.equal(network.calls.filter(({ verb }) => verb === 'authorize').length, 1)
        assert.equal((await notificationsOf(gateway)).length, state === 'declined' ? 0 : 1)
      }),
    )
  }

  test(
    'a process that dies between intent and outcome leaves a payment that the next one resolves',
    withGateway(async ({ gateway, network, folder, clock }) => {
      const ticket = await authenticatedPayment(gateway)
      network.answerWith(() => undefined)
      const dying = {
        ...gateway,
        cardNetwork: { ...gateway.cardNetwork, authorize: () => new Promise<never>(() => {}) },
      }
      void approve(dying, ticket)
      await until(async () => (await findPayment(gateway, ticket.transactionId))?.state === 'approving')

      clock.advance(60_000)
      await using next = await createApprovalTest({ folder, now: gateway.runtime.now() })
      assert.equal(codeOf(await inquire(next.gateway, ticket)), 'S103')
      next.network.answerWith((verb) => (verb === 'inquire' ? approved : undefined))
      await resolveUnresolved(next.gateway)
      assert.equal(codeOf(await approve(next.gateway, ticket)), '3001')
      const events = await eventsOf(next.gateway, ticket.transactionId)
      assert.deepEqual(events.map(({ to }) => to).slice(2), ['approving', 'unresolved', 'approved'])
      assert.deepEqual(
        next.network.calls.map(({ verb }) => verb),
        ['inquire'],
      )
    }),
  )
})
