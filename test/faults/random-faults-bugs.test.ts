import assert from 'node:assert/strict'
import { test } from 'node:test'
import { creditOnce } from '@sspay/merchant'
import { noBugs, type PlantedBug } from './world/planted-bug.ts'
import { runWorld } from './world/run.ts'

/** Each of these loses or doubles money, or lets a shop believe what is not so. None may survive a thousand payments. */
const bugs: Readonly<Record<string, () => Partial<PlantedBug>>> = {
  'the SDK reads no answer as declined': () => ({
    readGatewayAnswer: (answer) => (answer.result === 'answered' && answer.status === 200 ? answer : declined),
  }),
  'the shop credits beside its journal': () => ({
    async credit({ books }, journal, payment) {
      await creditOnce(journal, payment, () => {})
      books.credit(payment.transactionId)
    },
  }),
  'an authorization without answer is repeated under a new id': () => ({
    wrapNetwork: (network) => ({
      ...network,
      async authorize(request) {
        const outcome = await network.authorize(request)
        if (outcome.outcome !== 'silent') return outcome
        return network.authorize({ ...request, transactionId: `${request.transactionId.slice(0, -1)}X` })
      },
    }),
  }),
  'the silence of the card network is read as a decline': () => ({
    wrapNetwork: (network) => ({
      ...network,
      async authorize(request) {
        const outcome = await network.authorize(request)
        return outcome.outcome === 'silent' ? { outcome: 'declined', reason: 'issuer_declined' } : outcome
      },
    }),
  }),
  'what the card network does not know yet counts as declined, without a reversal': () => ({
    wrapNetwork: (network) => ({
      ...network,
      async inquire(payment) {
        const outcome = await network.inquire(payment)
        return outcome.outcome === 'unknown_to_network' ? { outcome: 'declined', reason: 'issuer_declined' } : outcome
      },
    }),
  }),
  'a reversal is believed and never asked for': () => ({
    wrapNetwork: (network) => ({ ...network, reverse: async () => ({ outcome: 'reversed' }) }),
  }),
  'a cancellation asked for again goes out under a new sequence': () => ({
    wrapNetwork: (network) => {
      let calls = 0
      return { ...network, cancel: (request) => network.cancel({ ...request, cancelSequence: 100 + calls++ }) }
    },
  }),
  'a cancellation that nobody answered counts as done': () => ({
    wrapNetwork: (network) => ({
      ...network,
      async cancel(request) {
        const outcome = await network.cancel(request)
        return outcome.outcome === 'silent' ? { outcome: 'cancelled', cancelledAt: new Date(0) } : outcome
      },
    }),
  }),
  'a notice counts as delivered when the shop answers 500': () => ({
    readNoticeAnswer: (answer) => (answer.status === 500 ? { status: 200, body: Buffer.from('OK') } : answer),
  }),
  'now and then a notice is not written with the payment': () => ({
    wrapStorage(storage) {
      let notices = 0
      const skips = (sql: string): boolean => /^\s*insert into notifications/.test(sql) && ++notices % 20 === 0
      return {
        ...storage,
        transact: (work) =>
          storage.transact((transaction) =>
            work({
              ...transaction,
              write: async (sql, params) => (skips(sql) ? 0 : transaction.write(sql, params)),
            }),
          ),
      }
    },
  }),
}

const declined = {
  result: 'answered',
  status: 200,
  body: Buffer.from('{"ResultCode":"3095","ResultMsg":"declined"}'),
} as const

const seed = process.env.SSPAY_SEED ?? 'bugs'

for (const [name, plant] of Object.entries(bugs)) {
  test(`found within a thousand payments: ${name}`, async (t) => {
    for (const payments of [100, 300, 1000]) {
      const { problems } = await runWorld({ seed, payments, bug: { ...noBugs, ...plant() } })
      if (problems.length === 0) continue
      t.diagnostic(`${problems.length} problems in ${payments} payments, such as ${problems[0]?.split('\n')[0]}`)
      return
    }
    assert.fail(`not found, SSPAY_SEED=${seed}`)
  })
}
