import { createHash } from 'node:crypto'
import pg from 'pg'
import { realRuntime } from '../src/runtime.ts'
import { openPostgres } from '../src/storage/postgres.ts'
import { openSqlite } from '../src/storage/sqlite.ts'
import type { Storage } from '../src/storage/storage.ts'

/** What a run of the tests on PostgreSQL sets: a database in which every test has a schema of its own. */
const databaseUrl = process.env.SSPAY_TEST_DATABASE_URL

/** The engine that this run tests. The same file opens the same tables again. */
export async function openTestStorage(file: string): Promise<Storage> {
  if (databaseUrl === undefined) return openSqlite(file)
  const schema = `t_${createHash('sha256').update(file).digest('hex').slice(0, 20)}`
  const client = new pg.Client(databaseUrl)
  await client.connect()
  await client.query(`create schema if not exists ${schema}`)
  await client.end()
  const url = new URL(databaseUrl)
  url.searchParams.set('options', `-csearch_path=${schema}`)
  return openTestPostgres(url.href)
}

export const openTestPostgres = (url: string): Storage =>
  openPostgres({ runtime: realRuntime, url, connections: 4, patienceMs: 2_000, onTrouble: () => {} })
