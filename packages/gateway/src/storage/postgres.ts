import pg from 'pg'
import type { Runtime } from '../runtime.ts'
import { CommitUnknownError } from './commit-unknown.ts'
import { DatabaseAwayError } from './database-away.ts'
import { type Placeholders, readPlaceholders, unnest } from './postgres-arrays.ts'
import { openPostgresPool, type PostgresPool, ReadOnlyHostError } from './postgres-pool.ts'
import type { ChangeSet, Parameter, Row, Storage, StorageLoad, Transaction } from './storage.ts'

export interface PostgresOptions {
  readonly runtime: Pick<Runtime, 'now' | 'schedule'>
  /** `postgres://user:password@host:5432/database`; several hosts with commas between them, of which one takes writes. */
  readonly url: string
  /** How many connections this process opens at the most. */
  readonly connections: number
  /** How long work waits for a database that is away, before its caller is told. */
  readonly retryBudgetMs: number
  /** Hears of connections that broke. */
  readonly onError: (cause: unknown) => void
}

const pauseMs = 50

/** Two keep the server busy while the next set gathers; more would only make the sets smaller. */
const lanes = 2

/** Any number that nobody else locks. */
const schemaLock = 7_377_079

/** What one piece of work has met so far. */
interface Attempts {
  readonly until: number
  conflicts: number
  unknown: CommitUnknownError | undefined
}

/**
 * Many gateways on one PostgreSQL. A transaction is durable when its promise resolves, as far as the cluster's `synchronous_commit` says.
 * What did not begin to commit is tried again, on the next host if need be, until `retryBudgetMs` are over; so `work` may run more than once.
 * So is a change set that is all of its transaction: what it has changed without our hearing of it, the repeat finds changed, as if by somebody else.
 * A commit whose answer was lost rejects with {@link CommitUnknownError} and is not repeated.
 */
export function openPostgres(options: PostgresOptions): Storage {
  const { runtime, retryBudgetMs } = options
  const pool = openPostgresPool({ ...options, onIdleError: options.onError })
  const turns = createTurns(options.connections)
  const statements = createStatements()
  let isClosed = false

  const pause = (): Promise<void> => new Promise((resolve) => void runtime.schedule(pauseMs, resolve))

  /** Throws unless the work may run again: the commit whose outcome is unknown, if there was one. */
  function requireRetry(attempts: Attempts, cause: unknown): void {
    if (isConflict(cause)) attempts.conflicts++
    if (cause instanceof CommitUnknownError) attempts.unknown = cause
    const isWorthIt = isConflict(cause) ? attempts.conflicts <= mostConflicts : isPassing(cause)
    if (isWorthIt && !isClosed && runtime.now().getTime() < attempts.until) return
    if (attempts.unknown !== undefined) throw attempts.unknown
    throw isPassing(cause)
      ? new DatabaseAwayError(`The database is away: ${(cause as Error).message}`, { cause })
      : cause
  }

  /** Runs `work` on a connection until it ends in a result or in an error that waiting does not cure. */
  async function patiently<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    if (isClosed) throw new Error('the storage is closed')
    const attempts: Attempts = { until: runtime.now().getTime() + retryBudgetMs, conflicts: 0, unknown: undefined }
    for (;;) {
      try {
        return await turns.take(() => onConnection(pool, work))
      } catch (cause) {
        requireRetry(attempts, cause)
        if (isHostError(cause)) pool.moveOn()
        options.onError(cause)
        await pause()
      }
    }
  }

  return {
    rows: unnest,
    lanes,
    byKey: '',
    lockSchema: async (transaction) => void (await transaction.read('select pg_advisory_xact_lock(?1)', [schemaLock])),
    read: (sql, params = []) => patiently(async (client) => (await client.query(statements(sql, params))).rows),
    transact: (work) => patiently((client) => inTransaction(client, statements, work)),
    load: turns.load,
    async close() {
      if (isClosed) return
      isClosed = true
      await turns.drained()
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

/** It begins with its first statement, unless that is a change set and the last one too: that is a transaction by itself. */
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
    async changeSet(changeSet) {
      const sql = textOf(changeSet)
      const isAll = changeSet.isLast && begun === undefined
      const { rows } = await (isAll ? runAlone(client, statements(sql, [changeSet.rows])) : run(sql, [changeSet.rows]))
      if (changeSet.isLast) hasEnded = true
      return new Set(rows.map((row) => row[changeSet.key]))
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

function textOf({ columns, key, change, consequences }: ChangeSet): string {
  const following = consequences.map((consequence, index) => `, consequence_${index} as (${consequence})`)
  return `with given as ${unnest(columns, '?1')}, changed as (${change} returning given.*)${following.join('')}
    select ${key} from changed`
}

/** Nobody knows whether it was committed; what it has changed already a repeat would not change again. */
class StatementLostError extends CommitUnknownError {}

async function runAlone(client: pg.PoolClient, statement: pg.QueryConfig): Promise<pg.QueryResult> {
  try {
    return await client.query(statement)
  } catch (cause) {
    if (!isHostError(cause)) throw cause
    throw new StatementLostError('The connection broke while the database was changing a set of rows.', { cause })
  }
}

async function commit(client: pg.PoolClient): Promise<void> {
  let command: string
  try {
    ;({ command } = await client.query('commit'))
  } catch (cause) {
    if (!isHostError(cause)) throw cause
    throw new CommitUnknownError('The connection broke while the database was committing.', { cause })
  }
  if (command !== 'COMMIT') throw new Error('The database has rolled the transaction back.')
}

type Statements = (sql: string, params: readonly Parameter[]) => pg.QueryConfig

/** Every text is prepared once on each connection, under the same short name. */
function createStatements(): Statements {
  const known = new Map<string, Placeholders & { readonly name: string }>()
  return (sql, params) => {
    const { name, text, valuesOf } = known.get(sql) ?? { name: `s${known.size}`, ...readPlaceholders(sql) }
    known.set(sql, { name, text, valuesOf })
    return { name, text, values: valuesOf(params) }
  }
}

/** At most so many at the same time; the others wait here and not in the pool, whose time-out is for connecting. */
function createTurns(most: number): {
  take<Result>(work: () => Promise<Result>): Promise<Result>
  drained(): Promise<void>
  load(): StorageLoad
} {
  const waiting: (() => void)[] = []
  const ends: (() => void)[] = []
  let running = 0
  return {
    async take(work) {
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
    load: () => ({ used: running, most, waiting: waiting.length }),
    drained: () => (running === 0 ? Promise.resolve() : new Promise((resolve) => ends.push(resolve))),
  }
}

const codeOf = (cause: unknown): string => (cause instanceof pg.DatabaseError ? (cause.code ?? '') : '')

/** A host that is away, that is starting or stopping, or that takes no writes (any more). */
const isHostError = (cause: unknown): boolean =>
  cause instanceof ReadOnlyHostError ||
  cause instanceof StatementLostError ||
  /^(08|57P0|25006)/.test(codeOf(cause)) ||
  (cause instanceof Error && !(cause instanceof pg.DatabaseError) && isConnectionError(cause))

/** Node names them by a code; the driver has sentences only. */
const isConnectionError = (cause: Error & { readonly code?: unknown }): boolean =>
  /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_)/.test(String(cause.code ?? '')) ||
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered)/.test(
    cause.message,
  )

/** A prepared statement whose table has a new column since: another connection prepares it anew. */
const isOutdatedPlan = (cause: unknown): boolean =>
  codeOf(cause) === '0A000' && /cached plan/.test((cause as Error).message)

const breaksConnection = (cause: unknown): boolean =>
  cause instanceof CommitUnknownError || isHostError(cause) || isOutdatedPlan(cause)

/** Worth another try, because nothing of it has happened. */
const isPassing = (cause: unknown): boolean =>
  isHostError(cause) || isOutdatedPlan(cause) || codeOf(cause) === tooManyConnections

const tooManyConnections = '53300'

/**
 * Somebody else was there at the same moment: a deadlock, a serialization failure, a unique row that both wanted to add. The work sees what the
 * other has done when it runs again; what still conflicts then is a bug.
 */
const isConflict = (cause: unknown): boolean => /^(40P01|40001|23505)$/.test(codeOf(cause))

const mostConflicts = 3
