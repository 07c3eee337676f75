import type { PaymentJournal } from './journal.ts'
import {
  abandon,
  begin,
  find,
  findOpen,
  know,
  mayBeMarkedPaid,
  type Row,
  readKnown,
  readOpenEntry,
  readStanding,
  recordOutcome,
  reopen,
  type SqlValue,
  type Statement,
  writePaid,
} from './journal-sql.ts'

/** What the journal uses of `DatabaseSync` from `node:sqlite`. */
export interface SqliteDatabase {
  readonly isTransaction?: boolean
  exec(sql: string): unknown
  prepare(sql: string): { all(...values: SqlValue[]): unknown[] }
}

/** Settings of {@link sqliteJournal}. */
export interface SqliteJournalOptions {
  /** Dates what the journal first hears of by a notice. Default: the machine's clock. */
  readonly now?: () => Date
}

/**
 * A journal in the shop's own SQLite database, on the shop's own connection (`new DatabaseSync(file)`). Create its table with
 * `createJournalTable` first. Open entries hold approval tickets, which are secret: keep the file as the shop keeps its customers.
 *
 * As durable as the database: with `pragma synchronous = full` (the default) also through a loss of power. Several processes may share the
 * file; give the connection a `timeout`, so that they wait for each other. The `update` of `markPaidOnce` gets the connection and must be
 * synchronous, because everything on the connection belongs to its transaction; in a transaction of the shop's own, credit and mark are
 * as durable as that one. `begin`, `recordOutcome` and `abandon` reject while the connection is in a transaction.
 */
export function sqliteJournal<Database extends SqliteDatabase>(
  database: Database,
  { now = () => new Date() }: SqliteJournalOptions = {},
): PaymentJournal<Database> {
  // A handful of statements, written as constants: the map stays small.
  const prepared = new Map<string, ReturnType<SqliteDatabase['prepare']>>()
  const prepare = (sql: string): ReturnType<SqliteDatabase['prepare']> => {
    const known = prepared.get(sql)
    if (known !== undefined) return known
    const statement = database.prepare(sql)
    prepared.set(sql, statement)
    return statement
  }
  const run = ({ sql, values }: Statement): readonly Row[] => prepare(sql).all(...values) as Row[]

  /** A transaction of the shop may still be rolled back, and what follows from an entry must not outlive it. */
  const requireDurable = (method: 'begin' | 'recordOutcome' | 'abandon'): void => {
    if (database.isTransaction === true)
      throw new Error(`${method} inside an open transaction of the shop is not durable: call it outside`)
  }

  return {
    async begin(entry) {
      requireDurable('begin')
      const added = run(begin(entry))
      if (added.length > 0) return 'new'
      run(reopen(entry))
      return readStanding(run(find(entry.transactionId)))
    },
    find: async (transactionId) => readKnown(run(find(transactionId))),
    async recordOutcome(transactionId, recordedOutcome) {
      requireDurable('recordOutcome')
      run(recordOutcome(transactionId, recordedOutcome, now()))
    },
    async abandon(transactionId) {
      requireDurable('abandon')
      return run(abandon(transactionId)).length > 0
    },
    async openEntries() {
      return run(findOpen).map(readOpenEntry)
    },
    async markPaid(payment, update) {
      return inTransaction(database, () => {
        run(know(payment, now()))
        if (!mayBeMarkedPaid(payment, run(writePaid(payment)))) return false
        if (isPromise(update(database)))
          throw new TypeError(
            'the update of markPaidOnce must be synchronous on SQLite: one connection, one transaction',
          )
        return true
      })
    },
  }
}

const isPromise = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'

/**
 * Keeps what returned true; after false and after an error nothing has happened. The write lock comes first, so that nothing read inside
 * can be outdated when it is written.
 */
function inTransaction(database: SqliteDatabase, work: () => boolean): boolean {
  const isNested = database.isTransaction === true
  const keep = isNested ? 'release sspay_mark_paid' : 'commit'
  const undo = isNested ? 'rollback to sspay_mark_paid; release sspay_mark_paid' : 'rollback'
  database.exec(isNested ? 'savepoint sspay_mark_paid' : 'begin immediate')
  try {
    const isDone = work()
    database.exec(isDone ? keep : undo)
    return isDone
  } catch (error) {
    // A full disk, for one, ends the transaction by itself.
    if (database.isTransaction !== false) database.exec(undo)
    throw error
  }
}
