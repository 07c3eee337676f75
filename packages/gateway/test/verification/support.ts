import type { Parameter, Storage } from '../../src/storage/storage.ts'
import type { CancelTest } from '../cancellation/support.ts'

/** What a disk, a person with a database client or a restore can do to payments; each names the finding. */
export interface Damage {
  readonly what: string
  readonly sql: string
  readonly finding: Readonly<Record<string, unknown>>
}

export const damages: readonly Damage[] = [
  {
    what: 'a byte of an event',
    sql: "update payment_events set note = note || '!' where transaction_id = ?1 and sequence = 2",
    finding: { sequence: 2, problem: 'event_changed' },
  },
  {
    what: 'a byte of a hash',
    sql: "update payment_events set hash = 'x' || substr(hash, 2) where transaction_id = ?1 and sequence = 3",
    finding: { sequence: 3, problem: 'event_changed' },
  },
  {
    what: 'an event in the middle is missing',
    sql: 'delete from payment_events where transaction_id = ?1 and sequence = 2',
    finding: { sequence: 2, problem: 'event_missing' },
  },
  {
    what: 'the last event is missing',
    sql: 'delete from payment_events where transaction_id = ?1 and sequence = 4',
    finding: { sequence: 4, problem: 'event_missing' },
  },
  {
    what: 'all events are missing',
    sql: 'delete from payment_events where transaction_id = ?1',
    finding: { sequence: 1, problem: 'event_missing' },
  },
  {
    what: 'the state of the payment',
    sql: "update payments set state = 'cancelled' where transaction_id = ?1",
    finding: { problem: 'payment_changed' },
  },
  {
    what: 'the payment is deleted',
    sql: 'delete from payments where transaction_id = ?1',
    finding: { problem: 'payment_missing', namedIn: 'payment_events' },
  },
]

export const write = (storage: Storage, sql: string, ...params: readonly Parameter[]): Promise<number> =>
  storage.transact((transaction) => transaction.write(sql, params))

/** Approved payments, one for each damage, and the ids in their order. */
export async function payForDamages(test: CancelTest): Promise<readonly string[]> {
  const ids: string[] = []
  for (let paid = 0; paid < damages.length; paid++) ids.push(await test.approvedPayment())
  return ids
}
