import type { PaymentJournal } from './journal.ts'
import type { SqlValue } from './journal-sql.ts'
import * as sql from './journal-sql.ts'

/** The part of `DatabaseSync` of `node:sqlite`, or of `Database` of `better-sqlite3`, that the journal uses. */
export interface SqliteDatabase {
  /** `node:sqlite`. */
  readonly isTransaction?: boolean
  /** `better-sqlite3`. */
  readonly inTransaction?: boolean
  exec(sql: string): unknown
  prepare(sql: string): { all(...values: SqlValue[]): unknown[] }
  /** Storage of a Durable Object, which forbids `begin`: commits what `work` wrote, or rolls it back if it throws. */
  transactionSync?(work: () => void): void
}

/** Options of {@link sqliteJournal}. */
export interface SqliteJournalOptions {
  /** Clock for payments first known by a notification. Default: the system clock. */
  readonly now?: () => Date
}

/**
 * Keeps the journal in the shop's SQLite database, on the shop's own connection.
 *
 * Create the table with {@link createJournalTable} first, and protect the file like customer data: pending payments
 * hold secret approval tickets. As durable as the database: with `pragma synchronous = full` (the default) also through
 * a power cut. Several processes may share the file; give the connection a `timeout`, so that they wait for each
 * other's locks.
 *
 * The `update` of `markPaid` gets the connection and must be synchronous, because every statement on the connection
 * belongs to its transaction. Inside a transaction of the shop, `markPaid` is as durable as that transaction, and
 * `begin`, `recordOutcome` and `abandon` reject.
 *
 * In a Durable Object of Cloudflare, `database` wraps its `storage`: `exec` and `prepare` over `storage.sql`, and
 * `transactionSync`. The guide "Runtimes" shows it.
 *
 * @param database - `new DatabaseSync(file)` of `node:sqlite`, or `new Database(file)` of `better-sqlite3`.
 * @throws `TypeError` if the connection is of another kind: asynchronous, or with rows that are not objects.
 * @example
 * ```ts
 * import { DatabaseSync } from 'node:sqlite'
 * import { createJournalTable, sqliteJournal } from '@sspay/merchant'
 *
 * const db = new DatabaseSync('shop.db', { timeout: 5_000 })
 * db.exec(createJournalTable)
 * export const journal = sqliteJournal(db)
 * ```
 */
export function sqliteJournal<Database extends SqliteDatabase>(
  database: Database,
  { now = () => new Date() }: SqliteJournalOptions = {},
): PaymentJournal<Database> {
  const prepared = new Map<string, SqliteStatement>()
  const run = ({ sql: text, values }: sql.Statement): readonly sql.Row[] => {
    const statement = prepared.get(text) ?? database.prepare(text)
    prepared.set(text, statement)
    return rowsOf(statement, values)
  }
  requireSynchronousRows(database)

  /** A transaction of the shop may be rolled back after the request that follows from the entry was sent. */
  const requireDurable = (method: 'begin' | 'recordOutcome' | 'abandon'): void => {
    if (isInTransaction(database) === true)
      throw new Error(`${method} inside an open transaction of the shop is not durable: call it outside`)
  }

  return {
    async begin(entry) {
      requireDurable('begin')
      const added = run(sql.begin(entry))
      if (added.length > 0) return 'new'
      run(sql.reopen(entry))
      return sql.readBeginResult(run(sql.find(entry.transactionId)))
    },
    find: async (transactionId) => sql.readRecorded(run(sql.find(transactionId))),
    async recordOutcome(transactionId, recordedOutcome) {
      requireDurable('recordOutcome')
      run(sql.recordOutcome(transactionId, recordedOutcome, now()))
    },
    async abandon(transactionId) {
      requireDurable('abandon')
      return run(sql.abandon(transactionId)).length > 0
    },
    pending: async () => run(sql.findPending()).map(sql.readPending),
    pendingFor: async (orderId) => run(sql.findPending(orderId)).map(sql.readPending),
    async markPaid(payment, update) {
      const isPaid = inTransaction(database, () => {
        run(sql.insertApproved(payment, now()))
        if (!sql.wasMarkedPaid(payment, run(sql.writePaid(payment)))) return false
        if (isPromise(update(database)))
          throw new TypeError('the update of markPaid must be synchronous on SQLite: one connection, one transaction')
        return true
      })
      if (!isPaid) run(sql.recordOutcome(payment.transactionId, 'approved', now()))
      return isPaid
    },
  }
}

type SqliteStatement = ReturnType<SqliteDatabase['prepare']>

/** Statement of `better-sqlite3`: `?1` is a named parameter, and `all` throws for a statement without rows. */
interface NamedStatement {
  readonly reader: boolean
  all(...named: Readonly<Record<string, SqlValue>>[]): unknown[]
  run(...named: Readonly<Record<string, SqlValue>>[]): unknown
}

function rowsOf(statement: SqliteStatement | NamedStatement, values: readonly SqlValue[]): readonly sql.Row[] {
  if (!('reader' in statement)) return statement.all(...values) as sql.Row[]
  const named = values.length === 0 ? [] : [Object.fromEntries(values.map((value, index) => [index + 1, value]))]
  if (statement.reader) return statement.all(...named) as sql.Row[]
  statement.run(...named)
  return []
}

/** Undefined in versions of `node:sqlite` that do not say. */
const isInTransaction = ({ isTransaction, inTransaction }: SqliteDatabase): boolean | undefined =>
  isTransaction ?? inTransaction

/** A connection of another kind would fail only after the buyer has authenticated. */
function requireSynchronousRows(database: SqliteDatabase): void {
  const problem =
    'sqliteJournal needs a synchronous connection with rows as objects: new DatabaseSync(file) of node:sqlite, or new Database(file) of better-sqlite3'
  let rows: readonly sql.Row[] | undefined
  try {
    rows = rowsOf(database.prepare('select ?1 as answer'), [1])
  } catch (cause) {
    throw new TypeError(problem, { cause })
  }
  if (!Array.isArray(rows) || Number(rows[0]?.answer) !== 1) throw new TypeError(problem)
}

const isPromise = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'

/**
 * Commits if `work` returned true; rolls back after false and after an error. Takes the write lock before the first
 * read.
 */
function inTransaction(database: SqliteDatabase, work: () => boolean): boolean {
  if (database.transactionSync !== undefined) return inObjectTransaction(database, work)
  const isNested = isInTransaction(database) === true
  const keep = isNested ? 'release sspay_mark_paid' : 'commit'
  const undo = isNested ? 'rollback to sspay_mark_paid; release sspay_mark_paid' : 'rollback'
  database.exec(isNested ? 'savepoint sspay_mark_paid' : 'begin immediate')
  try {
    const isDone = work()
    database.exec(isDone ? keep : undo)
    return isDone
  } catch (error) {
    // Some errors, for example a full disk, end the transaction themselves.
    if (isInTransaction(database) !== false) database.exec(undo)
    throw error
  }
}

const notDone = new Error('rolled back')

function inObjectTransaction(database: SqliteDatabase, work: () => boolean): boolean {
  try {
    database.transactionSync?.(() => {
      if (!work()) throw notDone
    })
    return true
  } catch (error) {
    if (error === notDone) return false
    throw error
  }
}
