import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { until } from '../../../../test/support/until.ts'
import { approvalMarginMs } from '../../src/approval/model.ts'
import { eventsOf, findPayment } from '../../src/approval/store.ts'
import { cancel, resumeCancellations } from '../../src/cancellation/cancel.ts'
import { cancellationsOf } from '../../src/cancellation/store.ts'
import { type CancelTest, createCancelTest, part, sum, withCancelTest } from './support.ts'

const nextRound = async (test: CancelTest): Promise<void> => {
  test.clock.advance(test.gateway.settings.cardNetworkTimeoutMs + approvalMarginMs)
  await resumeCancellations(test.gateway)
}

const cancelCalls = ({ network }: CancelTest) =>
  network.calls.flatMap(({ verb, request }) => (verb === 'cancel' ? [request] : []))

const stateOf = async (test: CancelTest, transactionId: string) => {
  const payment = await findPayment(test.gateway, transactionId)
  return [payment?.state, payment?.cancelledAmount]
}

describe('a card network that is silent about a cancellation', () => {
  for (const word of ['silent', 'cancels_and_is_silent'] as const) {
    test(
      `is asked again in the background, with the same key, until it is known (${word})`,
      withCancelTest(async (test) => {
        const Tid = await test.approvedPayment()
        test.networkSays(word)
        assert.equal((await test.cancel(part(Tid, 9000, 1))).ResultCode, 'S504')
        assert.deepEqual(await stateOf(test, Tid), ['approved', 0])
        assert.equal((await test.cancel(part(Tid, 1001, 2))).ResultCode, '2032', 'what is asked for is set aside')
        await nextRound(test)
        assert.deepEqual(await stateOf(test, Tid), ['approved', 0])

        test.networkSays('cancels')
        await nextRound(test)
        assert.deepEqual(await stateOf(test, Tid), ['partiallyCancelled', 9000])
        const calls = cancelCalls(test)
        assert.equal(calls.length, 3)
        assert.equal(new Set(calls.map((call) => JSON.stringify(call))).size, 1)
        assert.equal(sum(test.takenBack.values()), 9000)

        const answer = await test.cancelText(part(Tid, 9000, 1))
        assert.equal(JSON.parse(answer).ResultCode, '2001')
        assert.equal(await test.cancelText(part(Tid, 9000, 1)), answer)
        await nextRound(test)
        assert.equal(cancelCalls(test).length, 3)
      }),
    )
  }

  test(
    'a repeat by the shop asks it again at once',
    withCancelTest(async (test) => {
      const Tid = await test.approvedPayment()
      test.networkSays('silent')
      assert.equal((await test.cancel({ Tid })).ResultCode, 'S504')
      test.networkSays('cancels')
      assert.equal((await test.cancel({ Tid })).ResultCode, '2001')
      assert.deepEqual(await stateOf(test, Tid), ['cancelled', 10_000])
    }),
  )

  test(
    'old silent ones do not hold up a newer one',
    withCancelTest(async (test) => {
      const silentOnes: string[] = []
      test.networkSays('silent')
      for (let number = 0; number < 25; number++) silentOnes.push(await test.approvedPayment())
      await Promise.all(silentOnes.map((Tid) => test.cancel({ Tid })))
      for (let round = 0; round < 2; round++) await nextRound(test)
      const newer = await test.approvedPayment()
      await test.cancel({ Tid: newer })
      const before = cancelCalls(test).length
      const asked = () =>
        new Set(
          cancelCalls(test)
            .slice(before)
            .map(({ transactionId }) => transactionId),
        )
      for (let round = 0; round < 2; round++) await nextRound(test)
      assert.equal(asked().has(newer), true)
      // On a busy machine a round may end before all of its calls have begun.
      for (let round = 0; round < 6 && asked().size <= silentOnes.length; round++) await nextRound(test)
      assert.deepEqual([...asked()].sort(), [...silentOnes, newer].sort())
    }),
  )
})

describe('a card network that declines a cancellation', () => {
  test(
    'the shop receives the decline, and the reserved amount is released',
    withCancelTest(async (test) => {
      const Tid = await test.approvedPayment()
      test.networkSays('rejects_part')
      const rejection = await test.cancelText(part(Tid, 9000, 1))
      assert.equal(JSON.parse(rejection).ResultCode, '2033')
      assert.equal(await test.cancelText(part(Tid, 9000, 1)), rejection)
      assert.deepEqual(await stateOf(test, Tid), ['approved', 0])
      assert.equal((await eventsOf(test.gateway, Tid)).at(-1)?.event, 'networkApproved')
      test.networkSays('cancels')
      assert.equal((await test.cancel({ Tid, CancelSeq: '2' })).ResultCode, '2001')
      assert.deepEqual(
        (await cancellationsOf(test.gateway, Tid)).map(({ state }) => state),
        ['declined', 'cancelled'],
      )
    }),
  )
})

describe('a gateway that dies', () => {
  const wanted = { cancelSequence: 1, merchantId: 'ssptest01m', amount: 10_000, scope: 'full' } as const

  for (const isTakenBack of [false, true]) {
    test(
      `between reservation and outcome: the next one finishes it (the network ${isTakenBack ? 'had' : 'had not'} taken the money back)`,
      withCancelTest(async (test) => {
        const Tid = await test.approvedPayment()
        const { cardNetwork } = test.gateway
        const dying = {
          ...test.gateway,
          cardNetwork: {
            ...cardNetwork,
            async cancel(request: Parameters<typeof cardNetwork.cancel>[0]) {
              if (isTakenBack) await cardNetwork.cancel(request)
              return new Promise<never>(() => {})
            },
          },
        }
        void cancel(dying, { ...wanted, transactionId: Tid }, 'replay')
        await until(async () => (await cancellationsOf(test.gateway, Tid)).length > 0)
        assert.equal((await findPayment(test.gateway, Tid))?.state, 'approved')

        await using next = await createCancelTest({ folder: test.folder }, test.takenBack)
        await resumeCancellations(next.gateway)
        assert.deepEqual(await stateOf(next, Tid), ['approved', 0], 'somebody may still be asking')
        await nextRound(next)
        assert.deepEqual(await stateOf(next, Tid), ['cancelled', 10_000])
        assert.deepEqual([...next.takenBack.values()], [10_000])
        assert.equal((await next.cancel({ Tid })).ResultCode, '2001')
        assert.equal((await eventsOf(next.gateway, Tid)).filter(({ to }) => to === 'cancelled').length, 1)
      }),
    )
  }

  test(
    'two on one database ask with one key, record once and answer with the same bytes',
    withCancelTest(async (test) => {
      const Tid = await test.approvedPayment()
      await using other = await createCancelTest({ folder: test.folder }, test.takenBack)
      const secondGateway = { ...other.gateway, cardNetwork: test.gateway.cardNetwork }
      const answers = await Promise.all([
        cancel(test.gateway, { ...wanted, transactionId: Tid }, 'replay'),
        cancel(secondGateway, { ...wanted, transactionId: Tid }, 'replay'),
      ])
      assert.equal(answers[0], answers[1])
      assert.equal(JSON.parse(answers[0] ?? '').ResultCode, '2001')
      assert.equal((await eventsOf(test.gateway, Tid)).filter(({ to }) => to === 'cancelled').length, 1)
    }),
  )
})
