import type { Columns, GivenRow, Reader, Row, SqlValue, Storage, Transaction } from '../storage/storage.ts'
import { filledByMigration, MoveRejectedError, movedTables } from './model.ts'

/** A table of the source. */
export interface MovedTable {
  readonly table: string
  readonly columns: Columns
  readonly primaryKey: readonly string[]
}

export async function describeTable(source: Reader, table: string): Promise<MovedTable> {
  const found = await source.read<{ readonly name: string; readonly type: string; readonly pk: number }>(
    'select name, lower(type) as type, pk from pragma_table_info(?1) order by cid',
    [table],
  )
  return {
    table,
    columns: Object.fromEntries(found.map(({ name, type }) => [name, type === 'text' ? 'text' : 'integer'])),
    primaryKey: found
      .filter(({ pk }) => pk > 0)
      .toSorted((one, other) => one.pk - other.pk)
      .map(({ name }) => name),
  }
}

export type Key = readonly SqlValue[]

export const keyOf = ({ primaryKey }: MovedTable, row: Row): Key => primaryKey.map((name) => row[name] ?? null)

/** In the order of the primary key. */
export function rowsAfter(
  source: Reader,
  { table, primaryKey }: MovedTable,
  { after, limit }: { readonly after: Key | undefined; readonly limit: number },
): Promise<readonly Row[]> {
  const key = primaryKey.join(', ')
  const places = primaryKey.map((_, index) => `?${index + 2}`).join(', ')
  const from = after === undefined ? '' : `where (${key}) > (${places})`
  return source.read(`select * from ${table} ${from} order by ${key} limit ?1`, [limit, ...(after ?? [])])
}

/** The same rows, in any order. */
export function rowsLike(target: Reader, { table, columns, primaryKey }: MovedTable, rows: readonly Row[]) {
  const key = primaryKey.join(', ')
  const keyColumns = Object.fromEntries(primaryKey.map((name) => [name, columns[name] ?? 'text'])) as Columns
  const keys: readonly GivenRow[] = rows.map((row) => Object.fromEntries(primaryKey.map((name) => [name, row[name]])))
  return target.read<Row>(
    `select * from ${table} where (${key}) in (select ${key} from ${target.rows(keyColumns, '?1')} as given)`,
    [keys],
  )
}

export async function insertRows(
  transaction: Transaction,
  { table, columns }: MovedTable,
  rows: readonly Row[],
): Promise<void> {
  const names = Object.keys(columns).join(', ')
  await transaction.write(
    `insert into ${table} (${names}) select ${names} from ${transaction.rows(columns, '?1')} as given`,
    [rows],
  )
}

async function hasRows(reader: Reader, table: string): Promise<boolean> {
  return (await reader.read(`select 1 as one from ${table} limit 1`)).length > 0
}

export interface Progress {
  readonly lastKey: string
  readonly rows: number
  readonly endedAt: Date | undefined
}

type ProgressRow = {
  readonly table_name: string
  readonly last_key: string
  readonly rows_moved: number
  readonly ended_at: number | null
}

/** The row of the move itself. */
const whole = ''

/** By table. Empty where no move has begun. */
export async function readProgress(reader: Reader): Promise<ReadonlyMap<string, Progress>> {
  const rows = await reader.read<ProgressRow>('select * from move_progress')
  return new Map(
    rows.map(({ table_name, last_key, rows_moved, ended_at }) => [
      table_name,
      { lastKey: last_key, rows: rows_moved, endedAt: ended_at === null ? undefined : new Date(ended_at) },
    ]),
  )
}

export const endOfMove = (known: ReadonlyMap<string, Progress>): Date | undefined => known.get(whole)?.endedAt

/** Throws for a target with rows of its own; else it is that of this move from now on. */
export function beginMove(target: Storage): Promise<void> {
  return target.transact(async (transaction) => {
    for (const table of movedTables.flat()) {
      if (table !== filledByMigration && (await hasRows(transaction, table)))
        throw new MoveRejectedError(
          `${table}: 대상 데이터베이스에 이미 행이 있습니다. 빈 데이터베이스로 옮기세요. The target database has rows in ${table} already: move into an empty one.`,
        )
    }
    await transaction.write(`delete from ${filledByMigration}`)
    for (const table of [whole, ...movedTables.flat()])
      await transaction.write('insert into move_progress (table_name) values (?1)', [table])
  })
}

/** Compare-and-set: of two moves at once, or of a commit that is repeated, one changes nothing and throws. */
export async function recordMoved(
  transaction: Transaction,
  table: string,
  { from, to, rows }: { readonly from: string; readonly to: string; readonly rows: number },
): Promise<void> {
  const changed = await transaction.write(
    'update move_progress set last_key = ?3, rows_moved = rows_moved + ?4 where table_name = ?1 and last_key = ?2',
    [table, from, to, rows],
  )
  if (changed !== 1)
    throw new MoveRejectedError(`${table}: 다른 명령도 옮기고 있습니다. Another command moves into this database too.`)
}

export const recordEnd = (transaction: Transaction, now: Date): Promise<number> =>
  transaction.write('update move_progress set ended_at = ?2 where table_name = ?1', [whole, now.getTime()])

/** Throws for a database into which a move has begun and not ended: a gateway on it would miss payments. */
export async function requireWholeMove(reader: Reader): Promise<void> {
  const known = await readProgress(reader)
  if (known.size > 0 && endOfMove(known) === undefined)
    throw new MoveRejectedError(
      `이 데이터베이스로 옮기는 일이 끝나지 않았습니다. sspay-gateway move를 다시 실행하세요.
A move into this database has not ended: run sspay-gateway move again`,
    )
}
