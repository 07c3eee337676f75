import type pg from 'pg'
import type { Runtime } from '../runtime.ts'
import { pause } from '../within.ts'
import { unnest } from './postgres-arrays.ts'
import { breaksConnection, describeCause, isConflict, isHostError, isTransient } from './postgres-errors.ts'
import { openPostgresPool, type PostgresPool } from './postgres-pool.ts'
import { requirePreparedStatements } from './postgres-pooler.ts'
import { changeSchema } from './postgres-schema.ts'
import { createStatements, inTransaction } from './postgres-transaction.ts'
import { CommitUnknownError, DatabaseAwayError, type Storage, type StorageLoad } from './storage.ts'

export interface PostgresOptions {
  readonly runtime: Pick<Runtime, 'now' | 'schedule'>
  /** `postgres://user:password@host:5432/database`; several hosts separated by commas, one of which accepts writes. */
  readonly url: string
  /** The most connections of this process. */
  readonly connections: number
  /** How long work waits for an unreachable database before it rejects. */
  readonly retryBudgetMs: number
  /** Called for each connection that breaks. */
  readonly onError: (cause: unknown) => void
}

const retryDelayMs = 50

/** Two keep the server busy while the next batch collects; more would only make the batches smaller. */
const maxConcurrentBatches = 2

const mostConflicts = 3

export interface PostgresStorage extends Storage {
  /** Waits for a host that accepts writes, for the retry budget. Rejects when there is none, or only a wrong pooler. */
  requireUsable(): Promise<void>
}

interface Attempts {
  readonly until: number
  conflicts: number
  unknown: CommitUnknownError | undefined
}

/**
 * PostgreSQL, shared by many gateways. A transaction is durable when its promise resolves, as far as the cluster's
 * `synchronous_commit` goes. Work that did not begin to commit is retried, on another host if need be, until
 * `retryBudgetMs` are over; so `work` may run more than once. So is a conditional update that is a whole transaction:
 * whatever its lost first attempt has changed no longer meets the condition. Another commit whose answer was lost
 * rejects with {@link CommitUnknownError} and is not retried.
 */
export function openPostgres(options: PostgresOptions): PostgresStorage {
  const { runtime, retryBudgetMs } = options
  const pool = openPostgresPool({ ...options, onIdleError: options.onError })
  const semaphore = createSemaphore(options.connections)
  const statements = createStatements()
  let isClosed = false

  /** Throws unless the work may run again: preferably the commit whose outcome is unknown. */
  function requireRetry(attempts: Attempts, cause: unknown): void {
    if (isConflict(cause)) attempts.conflicts++
    if (cause instanceof CommitUnknownError) attempts.unknown = cause
    const isWorthIt = isConflict(cause) ? attempts.conflicts <= mostConflicts : isTransient(cause)
    if (isWorthIt && !isClosed && runtime.now().getTime() < attempts.until) return
    if (attempts.unknown !== undefined) throw attempts.unknown
    throw isTransient(cause)
      ? new DatabaseAwayError(`The database is away or blocked: ${describeCause(cause)}`, { cause })
      : cause
  }

  /** Runs `work` until it returns a result, or throws an error that a retry cannot cure. */
  async function retrying<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    if (isClosed) throw new Error('the storage is closed')
    const attempts: Attempts = { until: runtime.now().getTime() + retryBudgetMs, conflicts: 0, unknown: undefined }
    for (;;) {
      try {
        return await semaphore.run(() => onConnection(pool, work))
      } catch (cause) {
        requireRetry(attempts, cause)
        if (isHostError(cause)) pool.failOver()
        options.onError(cause)
        await pause(runtime, retryDelayMs)
      }
    }
  }

  return {
    rows: unnest,
    maxConcurrentBatches,
    byKey: '',
    changeSchema: (work, wait) => changeSchema({ pool, runtime, statements }, work, wait),
    read: (sql, params = []) => retrying(async (client) => (await client.query(statements(sql, params))).rows),
    transact: (work) => retrying((client) => inTransaction(client, statements, work)),
    load: semaphore.load,
    async requireUsable() {
      await retrying((client) => client.query('select 1'))
      await requirePreparedStatements(pool)
    },
    async close() {
      if (isClosed) return
      isClosed = true
      await semaphore.drained()
      await pool.close()
    },
  }
}

async function onConnection<Result>(
  pool: PostgresPool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect()
  let isBroken = false
  try {
    return await work(client)
  } catch (cause) {
    isBroken = breaksConnection(cause)
    throw cause
  } finally {
    client.release(isBroken)
  }
}

/** Work waits here and not in the pool, whose time-out is for connecting. */
function createSemaphore(most: number) {
  const waiting: (() => void)[] = []
  const ends: (() => void)[] = []
  let running = 0
  return {
    async run<Result>(work: () => Promise<Result>): Promise<Result> {
      if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve))
      else running++
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next !== undefined) next()
        else if (--running === 0) for (const end of ends.splice(0)) end()
      }
    },
    load: (): StorageLoad => ({ used: running, most, waiting: waiting.length }),
    drained: (): Promise<void> => (running === 0 ? Promise.resolve() : new Promise((resolve) => ends.push(resolve))),
  }
}
