import { closeSync, fsyncSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import type { Dialect } from './fill.ts'

export interface OpenDialect extends Dialect {
  /** Size of the database on disk. */
  bytes(): Promise<number>
  /** Maintenance that the engine would have done by itself during so many payments, such as a vacuum. */
  recordOutcome(): Promise<void>
  close(): Promise<void>
}

/** Opens a file that no gateway has open. No journal is needed: a file whose fill fails is deleted. */
export function openSqliteDialect(file: string): OpenDialect {
  const database = new DatabaseSync(file)
  database.exec(
    'pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -2000000; pragma temp_store = memory',
  )
  return {
    series: 'recursive series(n) as (select ?1 union all select n + 1 from series where n + 1 < ?2)',
    padded: (number, length) => `printf('%0${length}d', ${number})`,
    shortTime: (milliseconds) => `substr(strftime('%Y%m%d%H%M%S', ${milliseconds} / 1000 + 32400, 'unixepoch'), 3)`,
    columnsOf: async (table) =>
      database
        .prepare(`pragma table_info(${table})`)
        .all()
        .map(({ name }) => String(name)),
    run: async (sql, params) => void database.prepare(sql).run(...params),
    async bytes() {
      const { size } =
        database.prepare('select page_count * page_size as size from pragma_page_count, pragma_page_size').get() ?? {}
      return Number(size)
    },
    recordOutcome: async () => void database.exec('pragma journal_mode = wal'),
    async close() {
      database.close()
      const written = openSync(file, 'r+')
      fsyncSync(written)
      closeSync(written)
    },
  }
}

export async function openPostgresDialect(url: string): Promise<OpenDialect> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query('set synchronous_commit = off')
  return {
    series: 'series as (select * from generate_series($1::bigint, $2::bigint - 1) as n)',
    padded: (number, length) => `lpad((${number})::text, ${length}, '0')`,
    shortTime: (milliseconds) =>
      `to_char(to_timestamp(${milliseconds} / 1000) at time zone 'Asia/Seoul', 'YYMMDDHH24MISS')`,
    async columnsOf(table) {
      const { rows } = await client.query<{ column_name: string }>(
        `select column_name from information_schema.columns where table_name = $1 and table_schema = 'public' order by ordinal_position`,
        [table],
      )
      return rows.map(({ column_name }) => column_name)
    },
    run: async (sql, params) => void (await client.query(sql, [...params])),
    async bytes() {
      const { rows } = await client.query<{ size: string }>('select pg_database_size(current_database()) as size')
      return Number(rows[0]?.size)
    },
    async recordOutcome() {
      await client.query('vacuum (analyze)')
      await client.query('checkpoint')
    },
    close: () => client.end(),
  }
}
