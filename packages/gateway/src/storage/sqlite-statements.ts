import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Reader, Row, SqlValue } from './storage.ts'

/** Prepared statements of one connection, by their SQL text. */
export interface Statements {
  all<Found extends Row>(sql: string, params: readonly SqlValue[]): readonly Found[]
  run(sql: string, params: readonly SqlValue[]): number
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
    all: <Found extends Row>(sql: string, params: readonly SqlValue[]) =>
      prepare(sql).all(...params) as readonly unknown[] as readonly Found[],
    run: (sql, params) => Number(prepare(sql).run(...params).changes),
  }
}

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
