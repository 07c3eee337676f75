import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startMortalPostgres } from '../cluster/mortal-postgres.ts'
import type { Place } from './payments.ts'

export const engineNames = ['sqlite', 'postgres'] as const
export type EngineName = (typeof engineNames)[number]

/** A database in a folder, and what a gateway must be started with to use it. */
export interface Engine {
  readonly place: Place
  readonly environment: Readonly<Record<string, string>>
  readonly nodeOptions: readonly string[]
  /** The process that writes, once the gateway runs. */
  writers(gateway: { readonly pid: number }): readonly number[]
  /** Undefined where the engine is no process of its own. */
  isRunning(): boolean | undefined
  /** SIGKILL to all of it. */
  kill(): Promise<void>
  /** As a service manager does after its end. */
  start(): Promise<void>
  stop(): Promise<void>
}

export interface EngineOptions {
  readonly name: EngineName
  readonly folder: string
  /** False: a commit does not wait for its flush. */
  readonly waitsForFlush?: boolean
  /** `name=value` of PostgreSQL. */
  readonly settings?: readonly string[]
  readonly initdbFlags?: readonly string[]
}

export async function openEngine(options: EngineOptions): Promise<Engine> {
  return options.name === 'sqlite' ? onSqlite(options) : onPostgres(options)
}

function onSqlite({ folder, waitsForFlush = true }: EngineOptions): Engine {
  return {
    place: { sqliteFile: join(folder, 'gateway.db') },
    environment: { SSPAY_DATA: folder },
    nodeOptions: waitsForFlush ? [] : ['--import', new URL('./weaker-flush.ts', import.meta.url).href],
    writers: ({ pid }) => [pid],
    isRunning: () => undefined,
    async kill() {},
    async start() {},
    async stop() {},
  }
}

async function onPostgres({
  folder,
  waitsForFlush = true,
  settings = [],
  initdbFlags = [],
}: EngineOptions): Promise<Engine> {
  const home = join(folder, 'postgres')
  // The server runs as a user of its own.
  chmodSync(folder, 0o755)
  mkdirSync(home, { mode: 0o755 })
  const { url, processes, ...server } = await startMortalPostgres({
    folder: home,
    isDurable: true,
    initdbFlags,
    settings: [`synchronous_commit=${waitsForFlush ? 'on' : 'off'}`, ...settings],
  })
  return {
    ...server,
    place: { databaseUrl: url },
    environment: { SSPAY_DATABASE_URL: url },
    nodeOptions: [],
    writers: processes,
  }
}
