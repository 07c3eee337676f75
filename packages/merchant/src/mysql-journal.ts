import { isAbandoned, type PaidPayment, type PaymentJournal, type RecordedPayment } from './journal.ts'
import * as sql from './journal-sql.ts'
import * as mysql from './mysql-journal-sql.ts'

/** The part of a connection of `mysql2/promise` that the journal uses. */
export interface MysqlConnection {
  query(sql: string, values?: unknown[]): Promise<[result: unknown, fields: unknown]>
}

/**
 * The part of `PoolConnection` of `mysql2/promise` that the journal uses; the `update` of `markPaid` gets it as the
 * shop's own type.
 */
export interface PooledMysqlConnection extends MysqlConnection {
  release(): void
  destroy(): void
}

/** The part of `Pool` of `mysql2/promise` that the journal uses. */
export interface MysqlPool<Connection extends PooledMysqlConnection> extends MysqlConnection {
  getConnection(): Promise<Connection>
}

/** Options of {@link mysqlJournal}. */
export interface MysqlJournalOptions {
  /** Clock for payments first known by a notification. Default: the system clock. */
  readonly now?: () => Date
}

/**
 * Keeps the journal in the shop's MySQL 8 or MariaDB 10.11 database, or a later one.
 *
 * Create the table with {@link createMysqlJournalTable} first, and protect it like customer data: pending payments hold
 * secret approval tickets. Durable with `innodb_flush_log_at_trx_commit = 1`, the default, and with `autocommit` on:
 * without it writes are rejected. The pool leads to the primary, since a replica may be behind. Any number of processes
 * may share the table.
 *
 * The `update` of `markPaid` gets the connection of its transaction and must send its statements there; a nested
 * `markPaid` of the same payment would wait for itself. Let its errors reach `markPaid`, and change no table definition
 * in it: MySQL would commit at once. The other methods use a connection of their own, so that a rollback of the shop's
 * transaction does not undo them.
 *
 * @param pool - `createPool(…)` of `mysql2/promise`.
 * @example
 * ```ts
 * import { createMysqlJournalTable, type MysqlPool, mysqlJournal, type PooledMysqlConnection } from '@sspay/merchant'
 *
 * export async function openJournal(pool: MysqlPool<PooledMysqlConnection>) {
 *   await pool.query(createMysqlJournalTable)
 *   return mysqlJournal(pool)
 * }
 * ```
 */
export function mysqlJournal<Connection extends PooledMysqlConnection>(
  pool: MysqlPool<Connection>,
  { now = () => new Date() }: MysqlJournalOptions = {},
): PaymentJournal<Connection> {
  const find = async (transactionId: string): Promise<RecordedPayment | undefined> =>
    sql.readRecorded(await read(pool, sql.find(transactionId)))

  return {
    async begin(entry) {
      try {
        await writeDurably(pool, mysql.begin(entry))
        return 'new'
      } catch (error) {
        if (!isDuplicate(error)) throw error
      }
      await writeDurably(pool, sql.reopen(entry))
      return sql.readBeginResult(await read(pool, sql.find(entry.transactionId)))
    },
    find,
    async recordOutcome(transactionId, recordedOutcome) {
      const statement =
        recordedOutcome === 'cancelled'
          ? mysql.recordCancelled(transactionId, now())
          : sql.recordOutcome(transactionId, recordedOutcome, now())
      await writeDurably(pool, statement)
    },
    async abandon(transactionId) {
      await writeDurably(pool, mysql.abandon(transactionId))
      const recorded = await find(transactionId)
      return recorded !== undefined && isAbandoned(recorded.state)
    },
    pending: async () => (await read(pool, sql.findPending())).map(sql.readPending),
    pendingFor: async (orderId) => (await read(pool, sql.findPending(orderId))).map(sql.readPending),
    async markPaid(payment, update) {
      const isPaid = await retryDeadlocks(() =>
        inTransaction(pool, async (connection) => {
          if (!(await writePaid(connection, payment, now()))) return false
          await update(connection)
          return true
        }),
      )
      if (!isPaid) await writeDurably(pool, sql.recordOutcome(payment.transactionId, 'approved', now()))
      return isPaid
    },
  }
}

/** `ResultSetHeader` of `mysql2`. */
interface WriteResult {
  readonly affectedRows: number
  readonly serverStatus: number
}

/**
 * Texts are sent as UTF-8 bytes: so they are stored whatever the connection's character set, and `mysql2` writes them
 * as hexadecimal literals, which no `sql_mode` reads otherwise.
 */
async function send<Result>(connection: MysqlConnection, { sql: text, values }: sql.Statement): Promise<Result> {
  const inOrder: unknown[] = []
  const positional = text.replace(/\?(\d)/g, (_, number) => {
    const value = values[Number(number) - 1]
    inOrder.push(typeof value === 'string' ? Buffer.from(value) : value)
    return '?'
  })
  try {
    const [result] = await connection.query(positional, inOrder)
    return result as Result
  } catch (error) {
    throw isDeadlock(error) ? new JournalDeadlock('deadlock', { cause: error }) : error
  }
}

const read = (connection: MysqlConnection, statement: sql.Statement): Promise<readonly sql.Row[]> =>
  send(connection, statement)

/** `SERVER_STATUS_IN_TRANS` of the protocol. */
const isInTransaction = ({ serverStatus }: WriteResult): boolean => (serverStatus & 1) !== 0

async function writeDurably(pool: MysqlConnection, statement: sql.Statement): Promise<void> {
  if (isInTransaction(await retryDeadlocks(() => send<WriteResult>(pool, statement))))
    throw new Error(
      'the journal wrote inside an open transaction, which is not durable: keep autocommit on, and end every transaction before its connection returns to the pool',
    )
}

/** False if the payment or its order is marked paid already, or must not be. */
async function writePaid(connection: MysqlConnection, payment: PaidPayment, at: Date): Promise<boolean> {
  await send(connection, mysql.insertApproved(payment, at))
  try {
    const { affectedRows } = await send<WriteResult>(connection, mysql.writePaid(payment))
    if (affectedRows === 0) return false
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
  return sql.wasMarkedPaid(payment, await read(connection, mysql.findMarked(payment)))
}

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown } | undefined)?.code
const isDuplicate = (error: unknown): boolean => codeOf(error) === 'ER_DUP_ENTRY'
/** MariaDB with `innodb_snapshot_isolation` answers `ER_CHECKREAD` to a row that changed since the snapshot. */
const isDeadlock = (error: unknown): boolean => codeOf(error) === 'ER_LOCK_DEADLOCK' || codeOf(error) === 'ER_CHECKREAD'

/** MySQL rolled back a transaction to end a deadlock, in a statement of the journal: `update` has not run. */
class JournalDeadlock extends Error {}

const maxAttempts = 10

async function retryDeadlocks<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof JournalDeadlock)) throw error
      if (attempt === maxAttempts) throw error.cause
    }
  }
}

/** A deadlock rolls back the transaction; if `update` caught its error, the commit would succeed and mark nothing. */
async function requireOpenTransaction(connection: MysqlConnection): Promise<void> {
  const [result] = await connection.query('do 0')
  if (!isInTransaction(result as WriteResult))
    throw new Error(
      'the transaction of markPaid ended inside the update: let its errors, for example of a deadlock, reach markPaid, and change no table definitions in it',
    )
}

/** Commits if `work` returned true; rolls back after false and after an error. */
async function inTransaction<Connection extends PooledMysqlConnection>(
  pool: MysqlPool<Connection>,
  work: (connection: Connection) => Promise<boolean>,
): Promise<boolean> {
  const connection = await pool.getConnection()
  let isBroken = false
  try {
    await connection.query('start transaction')
    const isDone = await work(connection)
    if (isDone) await requireOpenTransaction(connection)
    await connection.query(isDone ? 'commit' : 'rollback')
    return isDone
  } catch (error) {
    isBroken = await connection.query('rollback').then(
      () => false,
      () => true,
    )
    throw error
  } finally {
    if (isBroken) connection.destroy()
    else connection.release()
  }
}
