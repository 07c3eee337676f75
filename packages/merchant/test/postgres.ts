import pg from 'pg'
import { startEmbeddedPostgres } from '../../../test/support/embedded-postgres.ts'
import { runSql } from '../../../test/support/run-sql.ts'

export interface PostgresServer {
  /** The address of an empty database. */
  createDatabase(): Promise<string>
  /** The address of an empty schema, which PostgreSQL makes in a fraction of the time; all lie in one database. */
  createSchema(): Promise<string>
  /** A pool on an empty schema. */
  openSchema(): Promise<pg.Pool>
  stop(): Promise<void>
}

/**
 * A real PostgreSQL on loopback: the one that the test run has started where there is one (`tools/test.ts`,
 * `test/postgres`), else one with its data in a temporary folder. Start it once per file of tests. `isDurable`: it
 * flushes to disk.
 */
export async function startPostgres({ isDurable = false } = {}): Promise<PostgresServer> {
  const { SSPAY_TEST_DATABASE_URL, SSPAY_TEST_POSTGRES } = process.env
  const shared = isDurable ? undefined : (SSPAY_TEST_DATABASE_URL ?? SSPAY_TEST_POSTGRES)
  const server =
    shared === undefined ? await startEmbeddedPostgres({ isDurable, settings: ['max_connections=200'] }) : undefined
  const databases = createDatabases(shared ?? server?.urlOf('postgres') ?? '')
  return {
    ...databases,
    async stop() {
      await databases.close()
      await server?.stop()
    },
  }
}

let created = 0

function createDatabases(url: string): Omit<PostgresServer, 'stop'> & { close(): Promise<void> } {
  const pools: pg.Pool[] = []
  const disconnected: Promise<unknown>[] = []
  const createDatabase = async (): Promise<string> => {
    const database = `shop_${process.pid}_${created++}`
    await runSql(url, `create database ${database}`)
    return Object.assign(new URL(url), { pathname: database, search: '' }).href
  }
  let shared: Promise<string> | undefined
  const createSchema = async (): Promise<string> => {
    shared ??= createDatabase()
    const address = new URL(await shared)
    const schema = `shop_${created++}`
    await runSql(address.href, `create schema ${schema}`)
    address.searchParams.set('options', `-csearch_path=${schema}`)
    return address.href
  }
  return {
    createDatabase,
    createSchema,
    async openSchema() {
      const pool = new pg.Pool({ connectionString: await createSchema() })
      pool.on('connect', (client) => void disconnected.push(new Promise((end) => client.once('end', end))))
      pools.push(pool)
      return pool
    },
    async close() {
      await Promise.all(pools.map((pool) => pool.end()))
      // A pool has ended while its connections still say goodbye: to these a server that stops now would say that it
      // does.
      await Promise.all(disconnected)
    },
  }
}
