import pg from 'pg'
import { addressesOf } from './database-addresses.ts'

export interface PostgresPoolOptions {
  /** `postgres://user:password@host:5432/database`; several hosts stand with commas between them. */
  readonly url: string
  readonly connections: number
  /** Hears of connections that broke while nobody used them. */
  readonly onIdleError: (cause: unknown) => void
}

/** Connections to whichever of the hosts takes writes. */
export interface PostgresPool {
  /** Rejects when the host is out of reach or takes no writes; the next call then asks the next host. */
  connect(): Promise<pg.PoolClient>
  /** The host in use has failed, or has turned read-only: leave it. */
  moveOn(): void
  close(): Promise<void>
}

const connectTimeoutMs = 1_000
/** A host that vanished without a word is noticed by then. */
const queryTimeoutMs = 10_000

/** The host takes no writes: a standby, or a former primary. */
export class ReadOnlyHostError extends Error {}

export function openPostgresPool({ url, connections, onIdleError }: PostgresPoolOptions): PostgresPool {
  const addresses = addressesOf(url)
  const open = (connectionString: string): pg.Pool => {
    const pool = new pg.Pool({
      connectionString,
      max: connections,
      // Statements of a transaction that need nothing of each other travel together.
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
    moveOn() {
      current = (current + 1) % pools.length
    },
    async close() {
      await Promise.all(pools.map((pool) => pool.end()))
    },
  }
}

/**
 * A new database knows nothing of its tables, and a prepared statement keeps the plan that was best for empty ones: to read them whole, by themselves
 * or along an index to join them, which grows with them. Every statement has an index for the rows that it wants, so this is no loss.
 */
async function makeReady(client: pg.ClientBase): Promise<void> {
  // A connection that breaks between two statements has nobody else to tell: without a listener it would end the process.
  client.on('error', () => {})
  const { rows } = await client.query<{ is_read_only: string }>(
    `select current_setting('transaction_read_only') as is_read_only, set_config('enable_seqscan', 'off', false),
       set_config('enable_hashjoin', 'off', false), set_config('enable_mergejoin', 'off', false)`,
  )
  if (rows[0]?.is_read_only !== 'off') throw new ReadOnlyHostError('The database host takes no writes.')
}

const { INT8, NUMERIC } = pg.types.builtins

/** Money and milliseconds fit a number; sums of them come as numeric. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (format !== 'binary' && (oid === INT8 || oid === NUMERIC)) return readInteger
  return pg.types.getTypeParser(oid, format as 'text')
}

function readInteger(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new RangeError('a number of the database is not a safe integer')
  return number
}
