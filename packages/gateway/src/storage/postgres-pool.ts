import pg from 'pg'
import { addressesOf } from './storage.ts'

export interface PostgresPoolOptions {
  /** `postgres://user:password@host:5432/database`; several hosts are separated by commas. */
  readonly url: string
  readonly connections: number
  /** Called for each idle connection that breaks. */
  readonly onIdleError: (cause: unknown) => void
}

/** Connections to the host that accepts writes. */
export interface PostgresPool {
  /** Rejects when the current host is unreachable or read-only. */
  connect(): Promise<pg.PoolClient>
  /** Failover: the next connection goes to the next host. */
  failOver(): void
  close(): Promise<void>
}

const connectTimeoutMs = 1_000
/** Detects a host that vanished without closing its connections. */
const queryTimeoutMs = 10_000

/** A standby, or a former primary. */
export class ReadOnlyHostError extends Error {}

export function openPostgresPool({ url, connections, onIdleError }: PostgresPoolOptions): PostgresPool {
  const addresses = addressesOf(url)
  const open = (connectionString: string): pg.Pool => {
    const pool = new pg.Pool({
      connectionString,
      max: connections,
      pipeline: true,
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: queryTimeoutMs,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
      types: { getTypeParser },
      onConnect: makeReady,
    })
    // Without a listener a broken idle connection would end the process.
    pool.on('error', onIdleError)
    return pool
  }
  const pools = addresses.map(open)
  let current = 0

  return {
    connect: () => (pools[current] as pg.Pool).connect(),
    failOver() {
      current = (current + 1) % pools.length
    },
    async close() {
      await Promise.all(pools.map((pool) => pool.end()))
    },
  }
}

/**
 * Prepared statements keep the plan that was best for the empty tables of a new database: sequential scans and hash
 * joins, whose cost grows with the tables. Every statement has an index, so these plans are switched off.
 */
async function makeReady(client: pg.ClientBase): Promise<void> {
  // Without a listener a connection that breaks between two statements would end the process.
  client.on('error', () => {})
  const { rows } = await client.query<{ is_read_only: string }>(
    `select current_setting('transaction_read_only') as is_read_only, set_config('enable_seqscan', 'off', false),
       set_config('enable_hashjoin', 'off', false), set_config('enable_mergejoin', 'off', false)`,
  )
  if (rows[0]?.is_read_only !== 'off') throw new ReadOnlyHostError('The database host accepts no writes.')
}

const { INT8, NUMERIC } = pg.types.builtins

/** Money and milliseconds fit a number; their sums are numeric. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (format !== 'binary' && (oid === INT8 || oid === NUMERIC)) return readInteger
  return pg.types.getTypeParser(oid, format as 'text')
}

function readInteger(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new RangeError('a number of the database is not a safe integer')
  return number
}
