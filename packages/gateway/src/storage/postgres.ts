import pg from 'pg'
import type { Runtime } from '../runtime.ts'
import { CommitUnknownError } from './commit-unknown.ts'
import { openPostgresPool, type PostgresPool, ReadOnlyHostError } from './postgres-pool.ts'
import type { ColumnType, Reader, Row, SqlValue, Storage, StorageLoad, Transaction } from './storage.ts'

export interface PostgresOptions {
  readonly runtime: Pick<Runtime, 'now' | 'schedule'>
  /** `postgres://user:password@host:5432/database`; several hosts with commas between them, of which one takes writes. */
  readonly url: string
  /** How many connections this process opens at the most. */
  readonly connections: number
  /** How long work waits for a database that is away, before its caller is told. */
  readonly patienceMs: number
  /** Hears of connections that broke. */
  readonly onTrouble: (cause: unknown) => void
}

const pauseMs = 50

/** Two keep the server busy while the next set gathers; more would only make the sets smaller. */
const lanes = 2

/** Any number that nobody else locks. */
const schemaLock = 7_377_079

/**
 * Many gateways on one PostgreSQL. A transaction is durable when its promise resolves, as far as the cluster's `synchronous_commit` says.
 * What did not begin to commit is tried again, on the next host if need be, until `patienceMs` are over; so `work` may run more than once.
 * A commit whose answer was lost rejects with {@link CommitUnknownError} and is not repeated.
 */
export function openPostgres(options: PostgresOptions): Storage {
  const { runtime, patienceMs } = options
  const pool = openPostgresPool({ ...options, onIdleError: options.onTrouble })
  const turns = createTurns(options.connections)
  const statements = createStatements()
  let isClosed = false

  const pause = (): Promise<void> => new Promise((resolve) => void runtime.schedule(pauseMs, resolve))

  /** Runs `work` on a connection until it ends in a result or in an error that waiting does not cure. */
  async function patiently<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    if (isClosed) throw new Error('the storage is closed')
    const until = runtime.now().getTime() + patienceMs
    for (let conflicts = 0; ; ) {
      try {
        return await turns.take(() => onConnection(pool, work))
      } catch (cause) {
        if (isConflict(cause)) conflicts++
        const isWorthIt = isConflict(cause) ? conflicts <= mostConflicts : isPassing(cause)
        if (!isWorthIt || isClosed || runtime.now().getTime() >= until) throw cause
        if (isHostTrouble(cause)) pool.moveOn()
        options.onTrouble(cause)
        await pause()
      }
    }
  }

  return {
    rows,
    lanes,
    byKey: '',
    lockSchema: async (transaction) => void (await transaction.read('select pg_advisory_xact_lock(?1)', [schemaLock])),
    read: (sql, params = []) => patiently(async (client) => (await client.query(statements(sql, params))).rows),
    transact: (work) => patiently((client) => inTransaction(client, (client) => runWork(client, statements, work))),
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

async function inTransaction<Result>(
  client: pg.PoolClient,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  await client.query('begin')
  let result: Result
  try {
    result = await work(client)
  } catch (cause) {
    if (!breaksConnection(cause)) await client.query('rollback')
    throw cause
  }
  await commit(client)
  return result
}

async function commit(client: pg.PoolClient): Promise<void> {
  let command: string
  try {
    ;({ command } = await client.query('commit'))
  } catch (cause) {
    if (!isHostTrouble(cause)) throw cause
    throw new CommitUnknownError('The connection broke while the database was committing.', { cause })
  }
  if (command !== 'COMMIT') throw new Error('The database has rolled the transaction back.')
}

async function runWork<Result>(
  client: pg.PoolClient,
  statements: Statements,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  let hasEnded = false
  const run = async (sql: string, params: readonly SqlValue[]): Promise<pg.QueryResult> => {
    if (hasEnded) throw new Error('the transaction has ended: its work did not await every statement')
    return client.query(statements(sql, params))
  }
  const transaction: Transaction = {
    rows,
    lock: { wait: 'for update', skip: 'for update skip locked' },
    async read<Found extends Row>(sql: string, params: readonly SqlValue[] = []) {
      return (await run(sql, params)).rows as readonly Found[]
    },
    async write(sql, params = []) {
      return (await run(sql, params)).rowCount ?? 0
    },
  }
  try {
    return await work(transaction)
  } finally {
    hasEnded = true
  }
}

type Statements = (sql: string, params: readonly SqlValue[]) => pg.QueryConfig

/** Every text is prepared once on each connection, under the same short name. */
function createStatements(): Statements {
  const known = new Map<string, { readonly name: string; readonly text: string }>()
  return (sql, params) => {
    const statement = known.get(sql) ?? { name: `s${known.size}`, text: sql.replace(/\?(\d+)/g, '$$$1') }
    known.set(sql, statement)
    return { ...statement, values: [...params] }
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
const isHostTrouble = (cause: unknown): boolean =>
  cause instanceof ReadOnlyHostError ||
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
  cause instanceof CommitUnknownError || isHostTrouble(cause) || isOutdatedPlan(cause)

/** Worth another try, because nothing of it has happened. */
const isPassing = (cause: unknown): boolean =>
  isHostTrouble(cause) || isOutdatedPlan(cause) || codeOf(cause) === tooManyConnections

const tooManyConnections = '53300'

/**
 * Somebody else was there at the same moment: a deadlock, a serialization failure, a unique row that both wanted to add. The work sees what the
 * other has done when it runs again; what still conflicts then is a bug.
 */
const isConflict = (cause: unknown): boolean => /^(40P01|40001|23505)$/.test(codeOf(cause))

const mostConflicts = 3

const types: Readonly<Record<ColumnType, string>> = { text: 'text', integer: 'bigint' }

const rows: Reader['rows'] = (columns, parameter) => {
  const typed = Object.entries(columns).map(([column, type]) => `${column} ${types[type]}`)
  return `(select * from json_to_recordset(${parameter}::json) as given_rows(${typed.join(', ')}))`
}
