import { DatabaseSync } from 'node:sqlite'
import { inspect } from 'node:util'
import {
  type ApprovalOutcome,
  approve,
  createJournalTable,
  defineMerchant,
  type MerchantConfig,
  type RecoveredOutcome,
  recover,
  sqliteJournal,
} from '@sspay/merchant'
import { readTicket, type Ticket } from '../support/quick-payment.ts'

export interface Shop {
  approve(ticket: Ticket, order: { readonly orderId: string; readonly amount: number }): Promise<ApprovalOutcome>
  /** Recovers until no entry of the journal is open. Throws when that does not come to an end. */
  recoverAll(isWanted: (orderId: string) => boolean): Promise<void>
  /** How often the order was marked paid. */
  timesMarkedPaid(orderId: string): number
  close(): void
}

const retryBudgetMs = 60_000
const pauseMs = 150

/**
 * A shop as the guide of the SDK builds one: the journal in its own database, the order marked paid in one transaction
 * with it.
 */
export function openShop(file: string, config: MerchantConfig, cancelPassword: string): Shop {
  const database = new DatabaseSync(file)
  // No loss of power here, so no disk waits for each of thousands of payments.
  database.exec('pragma journal_mode = wal; pragma synchronous = off')
  database.exec(createJournalTable)
  database.exec('create table orders (order_id text primary key, times_marked_paid integer not null)')
  const markOrderPaid = database.prepare(
    'insert into orders values (?, 1) on conflict do update set times_marked_paid = times_marked_paid + 1',
  )
  const readTimesMarkedPaid = database.prepare(
    'select times_marked_paid as timesMarkedPaid from orders where order_id = ?',
  )
  const journal = sqliteJournal(database)
  const merchant = defineMerchant(config)

  const markPaid = (outcome: ApprovalOutcome | RecoveredOutcome): unknown =>
    outcome.outcome === 'approved' &&
    journal.markPaid(outcome.payment, () => void markOrderPaid.run(outcome.payment.orderId))

  return {
    async approve(ticket, expected) {
      const outcome = await approve(merchant, readTicket(ticket), { expected, journal })
      await markPaid(outcome)
      return outcome
    },
    async recoverAll(isWanted) {
      const until = performance.now() + retryBudgetMs
      while ((await journal.pending()).length > 0) {
        const { pending } = await recover(merchant, {
          journal,
          isWanted: ({ expected }) => isWanted(expected.orderId),
          onOutcome: markPaid,
          cancelPassword,
          concurrency: 16,
        })
        if (performance.now() > until)
          throw new Error(`${pending.length} payments are still pending, for example ${inspect(pending[0])}`)
        if (pending.length > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
      }
    },
    timesMarkedPaid: (orderId) => Number(readTimesMarkedPaid.get(orderId)?.timesMarkedPaid ?? 0),
    close: () => database.close(),
  }
}
