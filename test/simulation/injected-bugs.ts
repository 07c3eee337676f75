import type { Storage } from '@sspay/gateway'
import type { Parameter, Row } from '../../packages/gateway/src/storage/storage.ts'
import type { InjectedBug } from '../faults/fixture/injected-bug.ts'

/**
 * Each of these loses or doubles money, or produces a false answer. Injected, none may survive its runs of
 * the simulation.
 */
export const injectedBugs: Readonly<Record<string, () => Partial<InjectedBug>>> = {
  'the SDK reads no answer as declined': () => ({
    readGatewayAnswer: (answer) => (answer.outcome === 'answered' && answer.status === 200 ? answer : declined),
  }),
  'the shop marks orders paid beside its journal': () => ({
    async markPaid({ ledger }, journal, payment) {
      await journal.markPaid(payment, () => {})
      ledger.markPaid(payment.transactionId)
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
  'a notification counts as delivered when the shop answers 500': () => ({
    readNotificationAnswer: (answer) => (answer.status === 500 ? { status: 200, body: Buffer.from('OK') } : answer),
  }),
  'now and then a notification is not written with the payment': () => {
    let notifications = 0
    return { wrapStorage: following((sql) => (isNotification(sql) && ++notifications % 20 === 0 ? '' : sql)) }
  },
  'now and then an event is not written with the payment': () => {
    let events = 0
    return {
      wrapStorage: following((sql) => (/^insert into payment_events/.test(sql) && ++events % 50 === 0 ? '' : sql)),
    }
  },
  'every notification reports an approval': () => ({
    wrapStorage: following((sql) => (isNotification(sql) ? sql.replace('notified_state, at', "'approved', at") : sql)),
  }),
  'what waits to be delivered is lost at a restart': () => {
    let lives = 0
    return {
      wrapStorage(storage) {
        lives += 1
        if (lives > 1) void storage.transact((one) => one.write("delete from notifications where state = 'pending'"))
        return storage
      },
    }
  },
  'recovery closes as declined what the card network does not tell': () => ({
    wrapNetwork: (network) => ({
      ...network,
      async inquire(payment) {
        const outcome = await network.inquire(payment)
        return outcome.outcome === 'silent' ? { outcome: 'declined', reason: 'issuer_declined' } : outcome
      },
    }),
  }),
  'the shop marks an order paid of another amount': () => ({
    async markPaid({ ledger }, journal, payment) {
      ledger.connection
        .prepare('update orders set amount = amount + 1 where transaction_id = ?')
        .run(payment.transactionId)
      await journal.markPaid(payment, () => ledger.markPaid(payment.transactionId))
    },
  }),
  'an answer of the card network about another payment or amount is believed': () => ({
    readNetworkAnswer: (answer, asked) => ({ ...answer, body: Buffer.from(adopt(answer.body, asked)) }),
  }),
  'a time that no answer can show is taken from the card network': () => ({
    wrapNetwork: (network) => ({
      ...network,
      authorize: async (request) => longAgo(await network.authorize(request), request.transactionId),
      inquire: async (payment) => longAgo(await network.inquire(payment), payment.transactionId),
    }),
  }),
  'a merchant is renamed past the rules while payments are under way': () => {
    let transactions = 0
    return {
      wrapStorage: (storage) => ({
        ...storage,
        async transact(work) {
          if (++transactions === 60)
            await storage.transact((one) => one.write('update merchants set name = name || char(10)'))
          return storage.transact(work)
        },
      }),
    }
  },
  'any cancel password is right': () => ({ guessCancelPassword: (right) => right }),
  'a replayed approval says nothing of the refunds since': () => ({ wrapStorage: forgetting('cancelled_at') }),
  'the resolver counts from the date of an intent and not from its commit': () => ({
    wrapStorage: (storage) => ({
      ...storage,
      read: (sql, params = []) =>
        storage.read(sql, params[0] === 'approving' ? params.with(1, Number(params[1]) + 6_000) : params),
    }),
  }),
  'what is dated ahead of the clock waits for that date': () => ({
    wrapStorage: (storage) => ({
      ...storage,
      read: (sql, params) => (/state_changed_at > /.test(sql) ? Promise.resolve([]) : storage.read(sql, params)),
      transact: (work) =>
        storage.transact((transaction) =>
          work({
            ...transaction,
            write: async (sql, params) =>
              /(last_asked_at|next_attempt_at) > /.test(sql) ? 0 : transaction.write(sql, params),
          }),
        ),
    }),
  }),
  'recovery closes an approved payment as declined when the gateway does not know it': () => ({
    wrapJournal: (journal) => ({
      ...journal,
      pending: async () => (await journal.pending()).map((entry) => ({ ...entry, isApproved: false })),
    }),
  }),
  'the card network is asked to give back one won more': () => ({
    wrapNetwork: (network) => ({
      ...network,
      cancel: (request) =>
        network.cancel({ ...request, cancelAmount: Math.min(request.amount, request.cancelAmount + 1) }),
    }),
  }),
}

const declined = {
  outcome: 'answered',
  status: 200,
  body: Buffer.from('{"ResultCode":"3095","ResultMsg":"declined"}'),
} as const

/** The answer as if it were about what was asked. */
function adopt(body: Uint8Array, asked: string): string {
  const text = Buffer.from(body).toString('utf8')
  try {
    const { transactionId, amount } = JSON.parse(asked)
    return JSON.stringify({ ...JSON.parse(text), transactionId, amount })
  } catch {
    return text
  }
}

const longAgo = <Outcome extends { readonly outcome: string }>(outcome: Outcome, transactionId: string): Outcome =>
  outcome.outcome === 'approved' && transactionId.endsWith('3') ? { ...outcome, approvedAt: new Date(0) } : outcome

/** A storage that reads that column as empty. */
const forgetting =
  (column: string) =>
  (storage: Storage): Storage => ({
    ...storage,
    async read<Found extends Row>(sql: string, params?: readonly Parameter[]) {
      const rows = await storage.read<Found>(sql, params)
      return rows.map((row) => (column in row ? { ...row, [column]: null } : row))
    },
  })

const isNotification = (sql: string): boolean => /^insert into notifications/.test(sql)

/** A storage with other follow-ups of a payment's transition; none for an empty text. */
const following =
  (reword: (sql: string) => string) =>
  (storage: Storage): Storage => ({
    ...storage,
    transact: (work) =>
      storage.transact((transaction) =>
        work({
          ...transaction,
          updateWhere(update) {
            const followUps = update.followUps.map(reword).filter((sql) => sql !== '')
            return transaction.updateWhere({ ...update, followUps })
          },
        }),
      ),
  })
