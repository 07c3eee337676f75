import pg from 'pg'
import type { Runtime } from '../runtime.ts'
import { pause } from '../within.ts'
import { type Placeholders, readPlaceholders, unnest } from './postgres-arrays.ts'
import { openPostgresPool, type PostgresPool, ReadOnlyHostError } from './postgres-pool.ts'
import {
  CommitUnknownError,
  type ConditionalUpdate,
  DatabaseAwayError,
  type Parameter,
  type Row,
  type Storage,
  type StorageLoad,
  type Transaction,
} from './storage.ts'

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

/** Key of an advisory lock; any number that no other program locks. */
const schemaLock = 7_377_079

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
export function openPostgres(options: PostgresOptions): Storage {
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
      ? new DatabaseAwayError(`The database is away: ${(cause as Error).message}`, { cause })
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
    lockSchema: async (transaction) => void (await transaction.read('select pg_advisory_xact_lock(?1)', [schemaLock])),
    read: (sql, params = []) => retrying(async (client) => (await client.query(statements(sql, params))).rows),
    transact: (work) => retrying((client) => inTransaction(client, statements, work)),
    load: semaphore.load,
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

/**
 * Begins with the first statement, unless that is a conditional update and the last one: it is a transaction by itself.
 */
async function inTransaction<Result>(
  client: pg.PoolClient,
  statements: Statements,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  let begun: Promise<unknown> | undefined
  let hasEnded = false
  const requireRunning = (): void => {
    if (hasEnded) throw new Error('the transaction has ended: its work did not await every statement')
  }
  const run = async (sql: string, params: readonly Parameter[]): Promise<pg.QueryResult> => {
    requireRunning()
    begun ??= client.query('begin')
    await begun
    requireRunning()
    return client.query(statements(sql, params))
  }
  const transaction: Transaction = {
    rows: unnest,
    lock: { wait: 'for update', skip: 'for update skip locked' },
    async read<Found extends Row>(sql: string, params: readonly Parameter[] = []) {
      return (await run(sql, params)).rows as readonly Found[]
    },
    async write(sql, params = []) {
      return (await run(sql, params)).rowCount ?? 0
    },
    async updateWhere(update) {
      const sql = textOf(update)
      const isWhole = update.isLast && begun === undefined
      const { rows } = await (isWhole ? runAlone(client, statements(sql, [update.rows])) : run(sql, [update.rows]))
      if (update.isLast) hasEnded = true
      return new Set(rows.map((row) => row[update.key]))
    },
  }
  let result: Result
  try {
    result = await work(transaction)
  } catch (cause) {
    if (begun !== undefined && !breaksConnection(cause)) await client.query('rollback')
    throw cause
  } finally {
    hasEnded = true
  }
  if (begun !== undefined) await commit(client)
  return result
}

function textOf({ columns, key, update, followUps }: ConditionalUpdate): string {
  const following = followUps.map((followUp, index) => `, follow_up_${index} as (${followUp})`)
  return `with given as ${unnest(columns, '?1')}, changed as (${update} returning given.*)${following.join('')}
    select ${key} from changed`
}

/** Whether the statement was committed is unknown; running it again is safe, as its condition is a compare-and-set. */
class StatementLostError extends CommitUnknownError {}

async function runAlone(client: pg.PoolClient, statement: pg.QueryConfig): Promise<pg.QueryResult> {
  try {
    return await client.query(statement)
  } catch (cause) {
    if (!isHostError(cause)) throw cause
    throw new StatementLostError('The connection broke during a conditional update.', { cause })
  }
}

async function commit(client: pg.PoolClient): Promise<void> {
  let command: string
  try {
    ;({ command } = await client.query('commit'))
  } catch (cause) {
    if (!isHostError(cause)) throw cause
    throw new CommitUnknownError('The connection broke during a commit.', { cause })
  }
  if (command !== 'COMMIT') throw new Error('The database has rolled the transaction back.')
}

type Statements = (sql: string, params: readonly Parameter[]) => pg.QueryConfig

/** Each statement is prepared once for each connection, under a short name. */
function createStatements(): Statements {
  const known = new Map<string, Placeholders & { readonly name: string }>()
  return (sql, params) => {
    const { name, text, valuesOf } = known.get(sql) ?? { name: `s${known.size}`, ...readPlaceholders(sql) }
    known.set(sql, { name, text, valuesOf })
    return { name, text, values: valuesOf(params) }
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

const codeOf = (cause: unknown): string => (cause instanceof pg.DatabaseError ? (cause.code ?? '') : '')

/** The host is unreachable, is starting or stopping, or accepts no writes. */
const isHostError = (cause: unknown): boolean =>
  cause instanceof ReadOnlyHostError ||
  cause instanceof StatementLostError ||
  /^(08|57P0|25006)/.test(codeOf(cause)) ||
  (cause instanceof Error && !(cause instanceof pg.DatabaseError) && isConnectionError(cause))

/** Errors of Node have a code; those of the driver have only a message. */
const isConnectionError = (cause: Error & { readonly code?: unknown }): boolean =>
  /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_)/.test(String(cause.code ?? '')) ||
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered)/.test(
    cause.message,
  )

/** A prepared statement of a table that has a new column since; a new connection prepares it again. */
const isOutdatedPlan = (cause: unknown): boolean =>
  codeOf(cause) === '0A000' && /cached plan/.test((cause as Error).message)

const breaksConnection = (cause: unknown): boolean =>
  cause instanceof CommitUnknownError || isHostError(cause) || isOutdatedPlan(cause)

const tooManyConnections = '53300'

/** Nothing of the work has happened, and a retry may succeed. */
const isTransient = (cause: unknown): boolean =>
  isHostError(cause) || isOutdatedPlan(cause) || codeOf(cause) === tooManyConnections

/**
 * Deadlock, serialization failure or unique violation: a concurrent transaction was first. A retry sees what that one
 * has committed; a conflict that remains is a bug.
 */
const isConflict = (cause: unknown): boolean => /^(40P01|40001|23505)$/.test(codeOf(cause))

const mostConflicts = 3
