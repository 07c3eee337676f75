import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runSql } from '../../../test/support/run-sql.ts'
import { Secret } from '../src/secret.ts'
import { migrate } from '../src/storage/migrate.ts'
import { databaseFileIn, type StoragePlace } from '../src/storage/open-storage.ts'
import { openPostgres } from '../src/storage/postgres.ts'
import { openSqlite } from '../src/storage/sqlite.ts'
import type { Reader, Row, Storage } from '../src/storage/storage.ts'
import { createRetryClock } from './storage/retry-clock.ts'

/** What a run of the tests on PostgreSQL sets: a database in which every file of SQLite is a schema. */
const databaseUrl = process.env.SSPAY_TEST_DATABASE_URL

const connections = 4

/** The engine that this run tests. The same file opens the same tables again. */
export async function openTestStorage(file: string): Promise<Storage> {
  if (databaseUrl === undefined) return countStatements(await openSqlite(file))
  return countStatements(openTestPostgres(await openSchema(databaseUrl, file)))
}

let migrated: Promise<Buffer> | undefined

/** {@link openTestStorage}. A new file starts as a copy with every table: making them costs more than most tests. */
export async function openCopiedStorage(file: string): Promise<Storage> {
  if (databaseUrl === undefined && !existsSync(file)) {
    migrated ??= readMigrated()
    await writeFile(file, await migrated)
  }
  return openTestStorage(file)
}

async function readMigrated(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-tables-'))
  const file = join(folder, 'gateway.db')
  const storage = await openSqlite(file)
  await migrate(storage)
  await storage.close()
  const bytes = await readFile(file)
  await rm(folder, { recursive: true })
  return bytes
}

export const openTestPostgres = (url: string): Storage =>
  openPostgres({ runtime: createRetryClock(), url, connections, retryBudgetMs: 2_000, onError: () => {} })

/** The tables that stand for a data folder; nothing in a run on SQLite. */
export async function testDatabase(dataFolder: string): Promise<{ readonly databaseUrl?: Secret }> {
  if (databaseUrl === undefined) return {}
  return { databaseUrl: new Secret(await openSchema(databaseUrl, databaseFileIn(dataFolder))) }
}

/** Where a whole gateway keeps everything in this run. */
export async function testPlace(dataFolder: string): Promise<StoragePlace> {
  const { databaseUrl } = await testDatabase(dataFolder)
  return databaseUrl === undefined ? { dataFolder } : { databaseUrl, connections }
}

/** Forgets the tables that stand for a file. A file itself goes with its folder. */
export async function removeTestStorage(file: string): Promise<void> {
  if (databaseUrl !== undefined) await runSql(databaseUrl, `drop schema if exists ${schemaOf(file)} cascade`)
}

export async function tableNames(storage: Reader): Promise<readonly string[]> {
  const tables = await storage.read<{ readonly name: string }>(
    databaseUrl === undefined
      ? "select name from sqlite_master where type = 'table' order by name"
      : 'select table_name as name from information_schema.tables where table_schema = current_schema() order by table_name',
  )
  return tables.map(({ name }) => name)
}

/** Every row of every table. */
export async function readTables(storage: Reader): Promise<readonly Row[]> {
  const names = await tableNames(storage)
  return (await Promise.all(names.map((name) => storage.read<Row>(`select * from ${name}`)))).flat()
}

let underWay = 0

/** How many statements and transactions of this process a database has not answered yet. */
export const statementsUnderWay = (): number => underWay

function countStatements(storage: Storage): Storage {
  const counted = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    underWay++
    try {
      return await work()
    } finally {
      underWay--
    }
  }
  return {
    ...storage,
    read: (sql, params) => counted(() => storage.read(sql, params)),
    transact: (work) => counted(() => storage.transact(work)),
  }
}

const schemaOf = (file: string): string => `t_${createHash('sha256').update(file).digest('hex').slice(0, 20)}`

/** The address of the database with the tables of that file in sight, and no others. */
async function openSchema(database: string, file: string): Promise<string> {
  // `if not exists` alone fails when several connections create the schema at once.
  await runSql(
    database,
    `select pg_advisory_lock(hashtext('${schemaOf(file)}'))`,
    `create schema if not exists ${schemaOf(file)}`,
  )
  const url = new URL(database)
  url.searchParams.set('options', `-csearch_path=${schemaOf(file)}`)
  return url.href
}
