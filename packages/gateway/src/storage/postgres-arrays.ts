import type { Columns, GivenRow, Parameter } from './storage.ts'

const types = { text: 'text', integer: 'bigint' } as const

/** A set of rows as a table: one array parameter for each column, written `?1.column::type[]` for {@link readPlaceholders}. */
export function unnest(columns: Columns, parameter: string): string {
  const arrays = Object.entries(columns).map(([name, type]) => `${parameter}.${name}::${types[type]}[]`)
  return `(select * from unnest(${arrays.join(', ')}) as given_rows(${Object.keys(columns).join(', ')}))`
}

/** A statement as the driver expects it, and its parameters as the driver's. */
export interface Placeholders {
  readonly text: string
  valuesOf(params: readonly Parameter[]): unknown[]
}

export function readPlaceholders(sql: string): Placeholders {
  const numbers = new Map<string, number>()
  const readers: ((params: readonly Parameter[]) => unknown)[] = []
  const text = sql.replace(/\?(\d+)(?:\.(\w+))?/g, (placeholder, ordinal: string, column?: string) => {
    const index = Number(ordinal) - 1
    if (!numbers.has(placeholder)) {
      readers.push((params) =>
        column === undefined ? params[index] : (params[index] as readonly GivenRow[]).map((row) => row[column] ?? null),
      )
      numbers.set(placeholder, readers.length)
    }
    return `$${numbers.get(placeholder)}`
  })
  return { text, valuesOf: (params) => readers.map((read) => read(params)) }
}
