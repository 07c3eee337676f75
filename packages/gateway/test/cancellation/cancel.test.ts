import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { approve } from '../../src/approval/approve.ts'
import { inquire } from '../../src/approval/inquire.ts'
import { eventsOf, findPayment } from '../../src/approval/store.ts'
import { cancellationsOf } from '../../src/cancellation/store.ts'
import { isChainIntact } from '../../src/event-chain.ts'
import { authenticatedPayment } from '../approval/support.ts'
import { formsOf } from '../notifications/support.ts'
import { type CancelTest, part, sum, withCancelTest } from './support.ts'

const codesOf = (answers: readonly string[]): Readonly<Record<string, number>> => {
  const codes = answers.map((answer) => (JSON.parse(answer) as { ResultCode: string }).ResultCode)
  return Object.fromEntries([...new Set(codes)].sort().map((code) => [code, codes.filter((c) => c === code).length]))
}

const notificationsOf = ({ gateway }: CancelTest, transactionId: string) => formsOf(gateway, transactionId)

describe('cancel.do', () => {
  test(
    'a full refund returns the money, cancels the payment, and writes one event and one notification',
    withCancelTest(async (test) => {
      const { gateway, network } = test
      const Tid = await test.approvedPayment()
      const answer = await test.cancel({ Tid })
      assert.deepEqual(
        { ...answer, CancelNum: '' },
        {
          ResultCode: '2001',
          ResultMsg: '취소 성공',
          Tid,
          Mid: 'ssptest01m',
          Moid: 'ORD0001',
          CancelAmt: '10000',
          CancelDate: '20250102',
          CancelTime: '030405',
          CancelNum: '',
        },
      )
      assert.match(answer.CancelNum ?? '', /^[0-9]{8}$/)
      const { method: _, ...asked } = { method: '', ...network.calls.find(({ verb }) => verb === 'cancel')?.request }
      assert.deepEqual(asked, {
        transactionId: Tid,
        amount: 10_000,
        cancelSequence: 1,
        cancelAmount: 10_000,
        cancelTransactionId: Tid,
      })
      const events = await eventsOf(gateway, Tid)
      assert.deepEqual(events.map(({ event }) => event).slice(-2), ['networkApproved', 'cancelledInFull'])
      assert.equal(isChainIntact(events), true)
      const notifications = await notificationsOf(test, Tid)
      assert.deepEqual(
        notifications.map(({ state, fields }) => [
          state,
          fields.ResultCode,
          fields.StateCd,
          fields.CancelAmt,
          fields.Tid,
        ]),
        [
          ['approved', '3001', '0', undefined, Tid],
          ['cancelled', '2001', '1', '10000', Tid],
        ],
      )
      assert.notEqual(notifications[0]?.fields.SignValue, notifications[1]?.fields.SignValue)
      assert.equal((await test.cancel({ Tid, CancelSeq: '2' })).ResultCode, '2013')
    }),
  )

  test(
    'partial refunds go on until nothing is left, and one won more than the rest is rejected at every step',
    withCancelTest(async (test) => {
      const Tid = await test.approvedPayment()
      const ids = new Set<string | undefined>([Tid])
      let rest = 10_000
      for (const [sequence, amount] of [
        [1, 3000],
        [2, 1],
        [7, 6000],
        [8, 999],
      ] as const) {
        assert.equal((await test.cancel(part(Tid, rest + 1, sequence))).ResultCode, '2032')
        const answer = await test.cancel(part(Tid, amount, sequence))
        assert.deepEqual([answer.ResultCode, answer.CancelAmt, answer.Tid], ['2001', String(amount), Tid])
        assert.match(answer.PTid ?? '', /^ssptest01m0102250102030405[0-9]{4}$/)
        ids.add(answer.PTid)
        rest -= amount
        const payment = await findPayment(test.gateway, Tid)
        assert.deepEqual(
          [payment?.state, payment?.cancelledAmount],
          [rest === 0 ? 'cancelled' : 'partiallyCancelled', 10_000 - rest],
        )
      }
      assert.equal(ids.size, 5)
      assert.equal((await test.cancel(part(Tid, 1, 9))).ResultCode, '2013')
      assert.equal(sum(test.takenBack.values()), 10_000)
      const events = await eventsOf(test.gateway, Tid)
      assert.deepEqual(events.map(({ event }) => event).slice(4), [
        'cancelledInPart',
        'cancelledInPart',
        'cancelledInPart',
        'restCancelled',
      ])
      assert.deepEqual(
        (await notificationsOf(test, Tid)).slice(1).map(({ state, fields }) => [state, fields.CancelAmt]),
        [
          ['partiallyCancelled', '3000'],
          ['partiallyCancelled', '3001'],
          ['partiallyCancelled', '9001'],
          ['cancelled', '10000'],
        ],
      )
    }),
  )

  test(
    'a part that is all of the payment cancels it',
    withCancelTest(async (test) => {
      const Tid = await test.approvedPayment()
      assert.equal((await test.cancel(part(Tid, 10_000, 1))).ResultCode, '2001')
      assert.equal((await eventsOf(test.gateway, Tid)).at(-1)?.event, 'cancelledInFull')
    }),
  )

  test(
    'after the day of the approval the notification says that the payment was captured',
    withCancelTest(async (test) => {
      const Tid = await test.approvedPayment()
      test.clock.set(new Date('2025-01-02T23:59:59+09:00'))
      await test.cancel(part(Tid, 1, 1))
      test.clock.set(new Date('2025-01-03T00:00:00+09:00'))
      await test.cancel(part(Tid, 1, 2))
      assert.deepEqual(
        (await notificationsOf(test, Tid)).map(({ fields }) => fields.StateCd),
        ['0', '1', '2'],
      )
    }),
  )

  test(
    'the inquiry tells of a cancelled payment its approval and its state',
    withCancelTest(async (test) => {
      const ticket = await authenticatedPayment(test.gateway, { amount: 10_000 })
      const approval = JSON.parse(await approve(test.gateway, ticket))
      await test.cancel(part(ticket.transactionId, 400, 1))
      assert.deepEqual(JSON.parse(await inquire(test.gateway, ticket)), { ...approval, StateCd: '1', CancelAmt: '400' })
    }),
  )

  for (const [what, changes, code] of [
    ['a full cancellation of less than the payment', { CancelAmt: '9999' }, '2011'],
    ['a full cancellation of more than the payment', { CancelAmt: '10001' }, '2011'],
    ['a part of nothing', { CancelAmt: '0', PartialCancelCode: '1' }, '2011'],
    ['a part that is more than the payment', { CancelAmt: '10001', PartialCancelCode: '1' }, '2032'],
    ['tax parts that are less', { CancelTaxAmt: '9000', CancelVatAmt: '999' }, '2011'],
    ['tax parts that are more', { CancelTaxAmt: '9000', CancelTaxFreeAmt: '1', CancelVatAmt: '1000' }, '2011'],
  ] as const) {
    test(
      `${what} is rejected and the card network is not asked`,
      withCancelTest(async (test) => {
        const Tid = await test.approvedPayment()
        const names = ['ResultCode', 'ResultMsg', 'Tid', 'Mid', 'Moid', 'CancelAmt']
        const known = Object.keys(await test.cancel({ Tid, ...changes }))
        assert.deepEqual(known, 'CancelTaxAmt' in changes ? names.filter((name) => name !== 'Moid') : names)
        assert.equal((await test.cancel({ Tid, ...changes })).ResultCode, code)
        assert.deepEqual(await cancellationsOf(test.gateway, Tid), [])
        assert.equal(test.takenBack.size, 0)
        const right = { CancelTaxAmt: '9000', CancelTaxFreeAmt: '100', CancelVatAmt: '900' }
        assert.equal((await test.cancel({ Tid, ...right })).ResultCode, '2001')
      }),
    )
  }

  test(
    'after a part the rest cannot be cancelled as the whole',
    withCancelTest(async (test) => {
      const Tid = await test.approvedPayment()
      await test.cancel(part(Tid, 1, 1))
      assert.equal((await test.cancel({ Tid, CancelSeq: '2' })).ResultCode, '2032')
      assert.equal((await test.cancel({ Tid, CancelSeq: '2', CancelAmt: '9999' })).ResultCode, '2011')
      assert.equal((await test.cancel(part(Tid, 9999, 2))).ResultCode, '2001')
    }),
  )
})

describe('the same cancellation again', () => {
  test(
    'gets the same bytes; with another amount or scope it is a conflict',
    withCancelTest(async (test) => {
      const Tid = await test.approvedPayment()
      const first = await test.cancelText(part(Tid, 400, 1))
      test.clock.advance(86_400_000)
      assert.equal(await test.cancelText(part(Tid, 400, 1)), first)
      assert.equal((await test.cancel(part(Tid, 401, 1))).ResultCode, 'S503')
      assert.equal((await test.cancel({ Tid })).ResultCode, 'S503')
      assert.equal(sum(test.takenBack.values()), 400)
      assert.equal(test.network.calls.filter(({ verb }) => verb === 'cancel').length, 1)
    }),
  )

  test(
    'fifty times at once takes the money back once and answers with the same bytes',
    withCancelTest(async (test) => {
      const Tid = await test.approvedPayment()
      const answers = await Promise.all(Array.from({ length: 50 }, () => test.cancelText({ Tid })))
      assert.equal(new Set(answers).size, 1)
      assert.deepEqual(codesOf(answers), { 2001: 50 })
      assert.equal(test.network.calls.filter(({ verb }) => verb === 'cancel').length, 1)
      assert.equal((await eventsOf(test.gateway, Tid)).filter(({ to }) => to === 'cancelled').length, 1)
      assert.equal((await notificationsOf(test, Tid)).length, 2)
    }),
  )

  test(
    'fifty different ones at once never take more than the payment',
    withCancelTest(async (test) => {
      const Tid = await test.approvedPayment()
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => test.cancelText(part(Tid, 300, index + 1))),
      )
      assert.deepEqual(codesOf(answers), { 2001: 33, 2032: 17 })
      assert.equal(sum(test.takenBack.values()), 9900)
      const payment = await findPayment(test.gateway, Tid)
      assert.deepEqual([payment?.state, payment?.cancelledAmount], ['partiallyCancelled', 9900])
      const events = await eventsOf(test.gateway, Tid)
      assert.equal(events.filter(({ event }) => event === 'cancelledInPart').length, 33)
      assert.equal(isChainIntact(events), true)
      assert.equal((await notificationsOf(test, Tid)).length, 34)
      assert.equal(new Set(answers.map((answer) => JSON.parse(answer).PTid ?? answer)).size, 34)
    }),
  )

  test(
    'fifty whole ones at once, each with a sequence of its own, cancel once',
    withCancelTest(async (test) => {
      const Tid = await test.approvedPayment()
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => test.cancelText({ Tid, CancelSeq: String(index + 1) })),
      )
      assert.deepEqual(codesOf(answers), { 2001: 1, 2032: 49 })
      assert.equal(sum(test.takenBack.values()), 10_000)
    }),
  )
})
