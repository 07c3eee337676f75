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
  /** A connection beside the pool, which the caller ends. Its queries have no time limit but the given one. */
  connectAlone(queryTimeoutMs?: number): Promise<pg.Client>
  close(): Promise<void>
}

const connectTimeoutMs = 1_000
/** Detects a host that vanished without closing its connections. */
const queryTimeoutMs = 10_000

/**
 * `enable_…`: prepared statements keep the plan that was best for the empty tables of a new database: sequential scans
 * and hash joins, whose cost grows with the tables. Every statement has an index, so these plans are switched off.
 *
 * `…_timeout`, in milliseconds: the server cancels a statement before its client abandons it, so that no abandoned one
 * waits for a lock or holds one. A commit that waits for a standby is no statement to this limit.
 *
 * They are set after the connection is made: they override what role and database have set, and PgBouncer rejects them
 * as startup parameters.
 */
const sessionSettings = {
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  statement_timeout: '8000',
  lock_timeout: '2000',
} as const

/** A standby, or a former primary. */
export class ReadOnlyHostError extends Error {}

export function openPostgresPool({ url, connections, onIdleError }: PostgresPoolOptions): PostgresPool {
  const addresses = addressesOf(url)
  const open = (address: string): pg.Pool => {
    const pool = new pg.Pool({
      ...configOf(address),
      max: connections,
      pipeline: true,
      query_timeout: queryTimeoutMs,
      idleTimeoutMillis: 30_000,
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
    async connectAlone(queryTimeout) {
      const client = new pg.Client({ ...configOf(addresses[current] as string), query_timeout: queryTimeout })
      try {
        await client.connect()
        await makeReady(client)
        return client
      } catch (cause) {
        await client.end()
        throw cause
      }
    },
    async close() {
      await Promise.all(pools.map((pool) => pool.end()))
    },
  }
}

const configOf = (connectionString: string): pg.ClientConfig => ({
  connectionString,
  connectionTimeoutMillis: connectTimeoutMs,
  keepAlive: true,
  types: { getTypeParser },
  // What pg_stat_activity shows, unless the address has an application_name.
  fallback_application_name: 'sspay-gateway',
})

async function makeReady(client: pg.ClientBase): Promise<void> {
  // Without a listener a connection that breaks between two statements would end the process.
  client.on('error', () => {})
  // Alone, because the limit of the role holds for it: a statement that only sets a limit ends within any.
  await client.query(`set statement_timeout = ${sessionSettings.statement_timeout}`)
  const settings = Object.entries(sessionSettings).map(([name, value]) => `set_config('${name}', '${value}', false)`)
  const { rows } = await client.query<{ is_read_only: string }>(
    `select current_setting('transaction_read_only') as is_read_only, ${settings.join(', ')}`,
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
