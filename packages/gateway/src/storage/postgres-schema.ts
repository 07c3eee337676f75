import type { Runtime } from '../runtime.ts'
import { pause } from '../within.ts'
import { isDeadlock, isLockTimeout } from './postgres-errors.ts'
import type { PostgresPool } from './postgres-pool.ts'
import { inTransaction, type Statements } from './postgres-transaction.ts'
import { SchemaBlockedError, type SchemaWait, type Transaction } from './storage.ts'

interface Database {
  readonly pool: PostgresPool
  readonly runtime: Pick<Runtime, 'now' | 'schedule'>
  readonly statements: Statements
}

/** Key of an advisory lock; any number that no other program locks. */
const schemaLock = 7_377_079

const firstPauseMs = 1_000
const longestPauseMs = 30_000

/**
 * `alter table` waits for every transaction that has read the table, such as that of a backup, and every later
 * statement of a payment waits behind it. So it waits for a fraction of a second only and tries again after a pause,
 * which doubles each time. On a connection of its own: the pool's limits of time are those of payments.
 */
export async function changeSchema<Result>(
  { pool, runtime, statements }: Database,
  work: (transaction: Transaction) => Promise<Result>,
  { forMs, onBlocked }: SchemaWait,
): Promise<Result> {
  const until = runtime.now().getTime() + forMs
  const client = await pool.connectAlone()
  try {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      try {
        return await inTransaction(client, statements, async (transaction) => {
          await begin(transaction)
          return work(transaction)
        })
      } catch (cause) {
        if (!isLockTimeout(cause) && !isDeadlock(cause)) throw cause
        if (runtime.now().getTime() >= until)
          throw new SchemaBlockedError(`Other sessions use its tables: ${(cause as Error).message}`, { cause })
        onBlocked()
        await pause(runtime, pauseMs)
      }
    }
  } finally {
    await client.end()
  }
}

/** For this transaction only, since a pooler may give the connection to payments afterwards. */
async function begin(transaction: Transaction): Promise<void> {
  const unlimited = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout']
  // transaction_timeout exists from PostgreSQL 17 on.
  await transaction.read(
    `select set_config(name, '0', true) from pg_settings where name in ('${unlimited.join("', '")}')`,
  )
  await transaction.read('select pg_advisory_xact_lock(?1)', [schemaLock])
  await transaction.read("select set_config('lock_timeout', '300ms', true)")
}
