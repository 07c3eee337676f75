import type { JournalEntry, PaidPayment } from './journal.ts'
import type { Statement } from './journal-sql.ts'

/**
 * SQL that creates the table of {@link mysqlJournal}, for the shop's own migrations. One statement, idempotent.
 *
 * Amounts are won, times milliseconds since 1970. `approval_ticket` is secret and is stored only while a payment is
 * pending. The unique index keeps a second payment from paying the same order. Identifiers are bytes, because the
 * collations of MySQL ignore case or trailing spaces.
 */
export const createMysqlJournalTable = `
create table if not exists sspay_journal (
  transaction_id varbinary(64) primary key not null,
  state varchar(20) character set ascii collate ascii_bin not null,
  order_id varbinary(255),
  amount bigint,
  approval_ticket varbinary(4096),
  begun_at bigint not null,
  paid_order_id varbinary(255) generated always as (case when state = 'paid' then order_id end) stored,
  unique key sspay_journal_paid (paid_order_id),
  key sspay_journal_unfinished (state, begun_at),
  key sspay_journal_order (order_id)
) engine = InnoDB
`

/**
 * Fails on the primary key if the transaction is known. `on duplicate key update` would not tell: its count of rows
 * depends on the connection flag `FOUND_ROWS`.
 */
export const begin = ({ transactionId, approvalTicket, expected, begunAt }: JournalEntry): Statement => ({
  sql: `insert into sspay_journal (transaction_id, state, order_id, amount, approval_ticket, begun_at)
    values (?1, 'begun', ?2, ?3, ?4, ?5)`,
  values: [transactionId, expected.orderId, expected.amount, approvalTicket, begunAt.getTime()],
})

export const recordCancelled = (transactionId: string, at: Date): Statement => ({
  sql: `insert into sspay_journal (transaction_id, state, begun_at) values (?1, 'cancelled', ?2)
    on duplicate key update state = 'cancelled', approval_ticket = null`,
  values: [transactionId, at.getTime()],
})

export const abandon = (transactionId: string): Statement => ({
  sql: `update sspay_journal set state = case state when 'approved' then 'approved_abandoned' else 'abandoned' end
    where transaction_id = ?1 and state in ('begun', 'approved')`,
  values: [transactionId],
})

/**
 * A notification may arrive before the buyer's browser: then the journal does not know the payment yet. Locks the row
 * exclusively in either case: a plain insert would lock a known row shared, and two of them would then deadlock.
 */
export const insertApproved = ({ transactionId, orderId, amount }: PaidPayment, at: Date): Statement => ({
  sql: `insert into sspay_journal (transaction_id, state, order_id, amount, begun_at)
    values (?1, 'approved', ?2, ?3, ?4) on duplicate key update transaction_id = transaction_id`,
  values: [transactionId, orderId, amount, at.getTime()],
})

/** Compare-and-set: changes a row if this call marks the payment paid. Fails on the unique index if the order is. */
export const writePaid = ({ transactionId }: PaidPayment): Statement => ({
  sql: `update sspay_journal set state = 'paid', approval_ticket = null
    where transaction_id = ?1 and state in ('begun', 'approved', 'declined')`,
  values: [transactionId],
})

/** A locking read: a plain one would fix what `update` sees of the shop's tables under REPEATABLE READ. */
export const findMarked = ({ transactionId }: PaidPayment): Statement => ({
  sql: 'select order_id, amount from sspay_journal where transaction_id = ?1 for update',
  values: [transactionId],
})
