import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { type EmbeddedPostgresOptions, startEmbeddedPostgres } from '../support/embedded-postgres.ts'
import { isAlive } from '../support/is-alive.ts'

/** One PostgreSQL on loopback that dies on command, and is started again as a service manager would. */
export interface MortalPostgres {
  readonly url: string
  /** The server, and where the system tells it, every process that it has started. */
  processes(): readonly number[]
  isRunning(): boolean
  /** SIGKILL to all of it; resolves when nothing of it is left. */
  kill(): Promise<void>
  /** After its end; resolves when it takes connections. */
  start(): Promise<void>
  /** SIGKILL to the server; resolves when it takes connections again. */
  killAndRestart(): Promise<void>
  /** Ends every connection of everybody else. */
  killConnections(): Promise<void>
  stop(): Promise<void>
}

export async function startMortalPostgres(options: EmbeddedPostgresOptions = {}): Promise<MortalPostgres> {
  const server = await startEmbeddedPostgres(options)
  const { isRunning, stop } = server
  await server.createDatabase('sspay')
  const url = server.urlOf('sspay')

  const start = async (): Promise<void> => {
    for (let tries = 0; ; tries++) {
      // Until the last of its children has gone, the server cannot start on the same folder.
      const failed = await server.start().catch((cause: unknown) => cause)
      if (failed === undefined) return
      if (tries === 100) throw failed
      await pause(50)
    }
  }
  const processes = (): readonly number[] => [server.pid(), ...childrenOf(server.pid())]
  return {
    url,
    processes,
    isRunning,
    start,
    stop,
    async kill() {
      const all = processes()
      for (const one of all) if (isAlive(one)) process.kill(one, 'SIGKILL')
      while (all.some(isAlive)) await pause(10)
    },
    async killAndRestart() {
      process.kill(server.pid(), 'SIGKILL')
      await start()
    },
    killConnections: () => endConnections(url),
  }
}

async function endConnections(url: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )
  await client.end()
}

function childrenOf(pid: number): readonly number[] {
  const file = `/proc/${pid}/task/${pid}/children`
  return existsSync(file) ? (readFileSync(file, 'utf8').match(/\d+/g) ?? []).map(Number) : []
}
