import {
  type BeginResult,
  beginResultOf,
  isAbandoned,
  type JournalEntry,
  type JournalState,
  type PaidPayment,
  type PendingPayment,
  type RecordedOutcome,
  type RecordedPayment,
  requireSameOrder,
  wasApproved,
} from './journal.ts'

/**
 * SQL that creates the table of {@link sqliteJournal} and {@link postgresJournal}, for the shop's own migrations.
 * Idempotent.
 *
 * Amounts are won, times milliseconds since 1970. `approval_ticket` is secret and is stored only while a payment is
 * pending. The unique index keeps a second payment from paying the same order.
 */
export const createJournalTable = `
create table if not exists sspay_journal (
  transaction_id text primary key not null,
  state text not null,
  order_id text,
  amount bigint,
  approval_ticket text,
  begun_at bigint not null
);

create unique index if not exists sspay_journal_paid on sspay_journal (order_id) where state = 'paid';

create index if not exists sspay_journal_unfinished on sspay_journal (begun_at)
  where state in ('begun', 'approved', 'abandoned', 'approved_abandoned');

create index if not exists sspay_journal_pending_order on sspay_journal (order_id)
  where state in ('begun', 'approved', 'abandoned', 'approved_abandoned');
`

/** A value of a SQL statement. */
export type SqlValue = string | number | null
export type Row = Readonly<Record<string, unknown>>

/** One statement with its values for ?1, ?2 …, for both databases. */
export interface Statement {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

/** Returns a row if the transaction was unknown. */
export const begin = ({ transactionId, approvalTicket, expected, begunAt }: JournalEntry): Statement => ({
  sql: `insert into sspay_journal (transaction_id, state, order_id, amount, approval_ticket, begun_at)
    values (?1, 'begun', ?2, ?3, ?4, ?5) on conflict (transaction_id) do nothing returning transaction_id`,
  values: [transactionId, expected.orderId, expected.amount, approvalTicket, begunAt.getTime()],
})

export const reopen = ({ transactionId, approvalTicket }: JournalEntry): Statement => ({
  sql: `update sspay_journal set state = 'begun', approval_ticket = ?2
    where transaction_id = ?1 and state = 'declined'`,
  values: [transactionId, approvalTicket],
})

export const find = (transactionId: string): Statement => ({
  sql: 'select state, order_id, amount from sspay_journal where transaction_id = ?1',
  values: [transactionId],
})

export function readRecorded([row]: readonly Row[]): RecordedPayment | undefined {
  if (row === undefined) return undefined
  const state = row.state as JournalState
  return row.order_id === null
    ? { state }
    : { state, expected: { orderId: String(row.order_id), amount: Number(row.amount) } }
}

export const readBeginResult = (rows: readonly Row[]): BeginResult => beginResultOf(readRecorded(rows)?.state)

export function recordOutcome(transactionId: string, recordedOutcome: RecordedOutcome, at: Date): Statement {
  if (recordedOutcome === 'approved')
    return {
      sql: `update sspay_journal set state = case state when 'abandoned' then 'approved_abandoned' else 'approved' end
        where transaction_id = ?1 and state in ('begun', 'abandoned')`,
      values: [transactionId],
    }
  if (recordedOutcome === 'cancelled')
    return {
      sql: `insert into sspay_journal (transaction_id, state, begun_at) values (?1, 'cancelled', ?2)
        on conflict (transaction_id) do update set state = 'cancelled', approval_ticket = null`,
      values: [transactionId, at.getTime()],
    }
  return {
    sql: `update sspay_journal set state = ?2, approval_ticket = null
      where transaction_id = ?1 and state in ('begun', 'abandoned')`,
    values: [transactionId, recordedOutcome],
  }
}

export const abandon = (transactionId: string): Statement => ({
  sql: `update sspay_journal
    set state = case when state in ('approved', 'approved_abandoned') then 'approved_abandoned' else 'abandoned' end
    where transaction_id = ?1 and state in ('begun', 'approved', 'abandoned', 'approved_abandoned')
    returning transaction_id`,
  values: [transactionId],
})

/** Pending entries of one order, or of all. */
export const findPending = (orderId?: string): Statement => ({
  sql: `select transaction_id, state, order_id, amount, approval_ticket, begun_at from sspay_journal
    where ${orderId === undefined ? '' : 'order_id = ?1 and '}state in ('begun', 'approved', 'abandoned', 'approved_abandoned')
    order by begun_at, transaction_id`,
  values: orderId === undefined ? [] : [orderId],
})

export const readPending = (row: Row): PendingPayment => ({
  transactionId: String(row.transaction_id),
  approvalTicket: String(row.approval_ticket),
  expected: { orderId: String(row.order_id), amount: Number(row.amount) },
  begunAt: new Date(Number(row.begun_at)),
  isApproved: wasApproved(row.state as JournalState),
  isAbandoned: isAbandoned(row.state as JournalState),
})

/** A notification may arrive before the buyer's browser: then the journal does not know the payment yet. */
export const insertApproved = ({ transactionId, orderId, amount }: PaidPayment, at: Date): Statement => ({
  sql: `insert into sspay_journal (transaction_id, state, order_id, amount, begun_at)
    values (?1, 'approved', ?2, ?3, ?4) on conflict (transaction_id) do nothing`,
  values: [transactionId, orderId, amount, at.getTime()],
})

/**
 * Compare-and-set: returns a row if this call marks the payment paid. The update locks the row until the transaction
 * ends.
 */
export const writePaid = ({ transactionId, orderId }: PaidPayment): Statement => ({
  sql: `update sspay_journal set state = 'paid', approval_ticket = null
    where transaction_id = ?1 and state in ('begun', 'approved', 'declined')
      and not exists (select 1 from sspay_journal as other where other.order_id = ?2 and other.state = 'paid')
    returning order_id, amount`,
  values: [transactionId, orderId],
})

/** Throws, so that the transaction is rolled back, if the payment was begun for another order or amount. */
export function wasMarkedPaid(payment: PaidPayment, [marked]: readonly Row[]): boolean {
  if (marked === undefined) return false
  requireSameOrder(payment, { orderId: String(marked.order_id), amount: Number(marked.amount) })
  return true
}
