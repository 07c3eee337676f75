import { chmod, cp, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres } from '../../test/support/embedded-postgres.ts'
import { type OpenDialect, openPostgresDialect, openSqliteDialect } from './dialects.ts'

/** One database, that no gateway has open at first. */
export interface Place {
  /** Options of the gateway process. */
  readonly serverArgs: readonly string[]
  open(): Promise<OpenDialect>
}

/** Where one engine keeps its databases, each by a name. */
export interface Engine {
  place(name: string): Place
  /** Without anything in it, whatever was there. */
  clear(name: string): Promise<void>
  /** Replaces the target. */
  copy(source: string, target: string): Promise<void>
  close(): Promise<void>
}

export const engines: Readonly<Record<string, (folder: string) => Promise<Engine>>> = {
  sqlite: createSqlite,
  postgres: createPostgres,
}

async function createSqlite(parent: string): Promise<Engine> {
  const folderOf = (name: string): string => join(parent, `sqlite-${name}`)
  const clear = async (name: string): Promise<void> => {
    await rm(folderOf(name), { recursive: true, force: true })
    await mkdir(folderOf(name))
  }
  return {
    place: (name) => ({
      serverArgs: [folderOf(name)],
      open: async () => openSqliteDialect(join(folderOf(name), 'gateway.db')),
    }),
    clear,
    async copy(source, target) {
      await clear(target)
      await cp(folderOf(source), folderOf(target), { recursive: true })
      // Written now, and not while commits of the measurement wait for the disk.
      await using copied = await open(join(folderOf(target), 'gateway.db'))
      await copied.sync()
    },
    close: async () => {},
  }
}

async function createPostgres(parent: string): Promise<Engine> {
  const folder = join(parent, 'postgres')
  // The server runs as a user of its own.
  await chmod(parent, 0o755)
  // Longer between checkpoints, as a server with large tables has it.
  const server = await startEmbeddedPostgres({ folder, isDurable: true, settings: ['max_wal_size=4GB'] })
  const databaseOf = (name: string): string => `growth_${name}`
  /** One statement, outside every database that is measured. */
  const run = async (sql: string): Promise<void> => {
    const client = new pg.Client(server.urlOf('postgres'))
    await client.connect()
    try {
      await client.query(sql)
    } finally {
      await client.end()
    }
  }
  const drop = (name: string): Promise<void> => run(`drop database if exists ${databaseOf(name)} with (force)`)
  return {
    place(name) {
      const url = server.urlOf(databaseOf(name))
      return { serverArgs: [folder, url], open: () => openPostgresDialect(url) }
    },
    async clear(name) {
      await drop(name)
      await run(`create database ${databaseOf(name)}`)
    },
    async copy(source, target) {
      await drop(target)
      // Whole files, on the disk by then: the default writes every page into the log too, whose checkpoints would meet
      // the measurement.
      await run(`create database ${databaseOf(target)} template ${databaseOf(source)} strategy file_copy`)
    },
    close: () => server.stop(),
  }
}

/** Statistics of a filled database. */
export interface Filled {
  readonly bytes: number
  readonly seconds: number
}

/** Which databases are full, in files beside them: one that was being filled when the power went has none. */
export function createRecords(folder: string, engine: string) {
  const fileOf = (size: number): string => join(folder, `${engine}-${size}.filled.json`)
  return {
    async find(size: number): Promise<Filled | undefined> {
      const text = await readFile(fileOf(size), 'utf8').catch(() => undefined)
      return text === undefined ? undefined : (JSON.parse(text) as Filled)
    },
    record: (size: number, filled: Filled): Promise<void> => writeFile(fileOf(size), JSON.stringify(filled)),
  }
}
