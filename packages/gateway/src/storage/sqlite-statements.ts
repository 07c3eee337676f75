import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { ConditionalUpdate, GivenRow, Parameter, Reader, SqlValue } from './storage.ts'

/** Prepared statements of one connection, by their SQL text. */
export interface Statements {
  all<Found>(sql: string, params: readonly (Parameter | Uint8Array)[]): readonly Found[]
  run(sql: string, params: readonly (Parameter | Uint8Array)[]): number
}

const mostKept = 256

export function createStatements(connection: DatabaseSync): Statements {
  const statements = new Map<string, StatementSync>()

  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const oldest = statements.size < mostKept ? undefined : statements.keys().next().value
    if (oldest !== undefined) statements.delete(oldest)
    const statement = connection.prepare(sql)
    statements.set(sql, statement)
    return statement
  }

  return {
    all: <Found>(sql: string, params: readonly (Parameter | Uint8Array)[]) =>
      prepare(sql).all(...params.map(sqliteValue)) as readonly unknown[] as readonly Found[],
    run: (sql, params) => Number(prepare(sql).run(...params.map(sqliteValue)).changes),
  }
}

/** A set of rows is passed as JSON. */
const sqliteValue = (parameter: Parameter | Uint8Array): SqlValue | Uint8Array =>
  Array.isArray(parameter) ? JSON.stringify(parameter) : (parameter as SqlValue | Uint8Array)

/**
 * A set of rows, parsed to the binary form (`jsonb_each`, from SQLite 3.51). The `limit` keeps the planner from
 * flattening the subquery: each column would then parse the whole row again.
 */
export const rowsOf = (connection: Prepares): Reader['rows'] => spell(connection, (column) => `.${column}`)

/** The same for rows that are arrays in the order of the columns, which need no lookup by name. */
export const tuplesOf = (connection: Prepares): Reader['rows'] => spell(connection, (_, index) => `[${index}]`)

type Prepares = Pick<DatabaseSync, 'prepare'>

function spell(connection: Prepares, placeOf: (column: string, index: number) => string): Reader['rows'] {
  const each = hasBinaryEach(connection)
    ? 'value as given_row from jsonb_each'
    : 'jsonb(value) as given_row from json_each'
  return (columns, parameter) => {
    const extracted = Object.keys(columns).map(
      (column, index) => `json_extract(given_row, '$${placeOf(column, index)}') as ${column}`,
    )
    return `(select ${extracted.join(', ')} from (select ${each}(${parameter}) limit -1))`
  }
}

function hasBinaryEach(connection: Prepares): boolean {
  try {
    connection.prepare("select value from jsonb_each('[]')")
    return true
  } catch {
    return false
  }
}

/** The update, then each follow-up for the rows that it has changed. The JSON is parsed once, into the binary form. */
export function runUpdateWhere(
  statements: Statements,
  tuples: Reader['rows'],
  { columns, key, rows, update, followUps }: ConditionalUpdate,
): ReadonlySet<string> {
  const names = Object.keys(columns)
  const set = tuples(columns, '?1')
  const parse = (some: readonly GivenRow[]): Uint8Array => {
    const json = JSON.stringify(some.map((row) => names.map((name) => row[name])))
    return statements.all<{ readonly parsed: Uint8Array }>('select jsonb(?1) as parsed', [json])[0]
      ?.parsed as Uint8Array
  }
  const given = parse(rows)
  const found = statements.all<Record<string, string>>(`with given as ${set} ${update} returning ${key}`, [given])
  const keys = new Set(found.map((row) => row[key] as string))
  if (keys.size === 0) return keys
  const changed = keys.size === rows.length ? given : parse(rows.filter((row) => keys.has(row[key] as string)))
  for (const followUp of followUps) statements.run(`with changed as ${set} ${followUp}`, [changed])
  return keys
}
