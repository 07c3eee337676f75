import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { ChangeSet, Parameter, Reader, Row, SqlValue } from './storage.ts'

/** Prepared statements of one connection, by their SQL text. */
export interface Statements {
  all<Found extends Row>(sql: string, params: readonly Parameter[]): readonly Found[]
  run(sql: string, params: readonly Parameter[]): number
}

const kept = 256

export function createStatements(connection: DatabaseSync): Statements {
  const statements = new Map<string, StatementSync>()

  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const oldest = statements.size < kept ? undefined : statements.keys().next().value
    if (oldest !== undefined) statements.delete(oldest)
    const statement = connection.prepare(sql)
    statements.set(sql, statement)
    return statement
  }

  return {
    all: <Found extends Row>(sql: string, params: readonly Parameter[]) =>
      prepare(sql).all(...params.map(sqliteValue)) as readonly unknown[] as readonly Found[],
    run: (sql, params) => Number(prepare(sql).run(...params.map(sqliteValue)).changes),
  }
}

/** A set of rows travels as JSON. */
const sqliteValue = (parameter: Parameter): SqlValue =>
  typeof parameter === 'object' && parameter !== null ? JSON.stringify(parameter) : parameter

/**
 * How this SQLite spells a set of rows: in binary form, which `jsonb_each` (3.51) spares being written as text and read again. The limit makes
 * it read each row once; without it every column would read the whole row again.
 */
export function rowsOf(connection: Pick<DatabaseSync, 'prepare'>): Reader['rows'] {
  const each = hasBinaryEach(connection)
    ? 'value as given_row from jsonb_each'
    : 'jsonb(value) as given_row from json_each'
  return (columns, parameter) => {
    const extracted = Object.keys(columns).map((column) => `json_extract(given_row, '$.${column}') as ${column}`)
    return `(select ${extracted.join(', ')} from (select ${each}(${parameter}) limit -1))`
  }
}

function hasBinaryEach(connection: Pick<DatabaseSync, 'prepare'>): boolean {
  try {
    connection.prepare("select value from jsonb_each('[]')")
    return true
  } catch {
    return false
  }
}

/** The change, and then each of its consequences for what was changed. */
export function runChangeSet(
  statements: Statements,
  rowsOf: Reader['rows'],
  { columns, key, rows, change, consequences }: ChangeSet,
): ReadonlySet<string> {
  const set = rowsOf(columns, '?1')
  const given = JSON.stringify(rows)
  const found = statements.all<Record<string, string>>(`with given as ${set} ${change} returning ${key}`, [given])
  const keys = new Set(found.map((row) => row[key] as string))
  if (keys.size === 0) return keys
  const changed = keys.size === rows.length ? given : JSON.stringify(rows.filter((row) => keys.has(row[key] as string)))
  for (const consequence of consequences) statements.run(`with changed as ${set} ${consequence}`, [changed])
  return keys
}
