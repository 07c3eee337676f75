import type { Transaction } from '../../../packages/gateway/src/storage/storage.ts'
import type { InjectedBug } from '../../faults/fixture/injected-bug.ts'
import { injectedBugs as bugsOfPayments } from '../../simulation/injected-bugs.ts'

/** Each loses or doubles money of a subscription. Injected, none may survive the short size of the simulation. */
export const injectedBugs: Readonly<Record<string, () => Partial<InjectedBug>>> = {
  ...fromPayments(
    'the SDK reads no answer as declined',
    'an authorization without answer is repeated under a new id',
    'the silence of the card network is read as a decline',
    'what the card network does not know yet counts as declined, without a reversal',
    'a reversal is believed and never asked for',
  ),
  'a repeated charge is a new one': () => ({
    wrapStorage: (storage) => ({
      ...storage,
      transact: (work) => storage.transact((transaction) => work(forgettingCharges(transaction))),
    }),
  }),
  'a charge is sent before the journal has it': () => ({
    wrapJournal: (journal) => ({
      ...journal,
      begin: async (entry) => (entry.transactionId.startsWith('bill-key:') ? 'new' : journal.begin(entry)),
    }),
  }),
  'the cycle is recorded beside the journal': () => ({
    wrapJournal: (journal) => ({
      ...journal,
      async markPaid(payment, update) {
        let connection: unknown
        const isPaid = await journal.markPaid(payment, (given) => {
          connection = given
        })
        if (isPaid) await update(connection)
        return isPaid
      },
    }),
  }),
  'the recovery forgets what is pending': () => ({
    wrapJournal: (journal) => ({ ...journal, pending: async () => [] }),
  }),
}

function fromPayments(...names: readonly string[]): Readonly<Record<string, () => Partial<InjectedBug>>> {
  return Object.fromEntries(
    names.map((name) => {
      const bug = bugsOfPayments[name]
      if (bug === undefined) throw new Error(`the simulation of payments has no bug "${name}"`)
      return [name, bug]
    }),
  )
}

/** Finds no charge of an order, and takes a second one. */
const forgettingCharges = (transaction: Transaction): Transaction => ({
  ...transaction,
  read: (sql, params) => (/ from bill_key_charges /.test(sql) ? Promise.resolve([]) : transaction.read(sql, params)),
  async write(sql, params = []) {
    if (/^insert into bill_key_charges /.test(sql))
      await transaction.write(
        'delete from bill_key_charges where bill_key_id = ?1 and order_id = ?2',
        params.slice(0, 2),
      )
    return transaction.write(sql, params)
  },
})
