import type { Columns, GivenRow, Parameter, SqlValue } from './storage.ts'

/** The name of each type, and the object id that marks the elements of a binary array. */
const types = { text: { name: 'text', oid: 25 }, integer: { name: 'bigint', oid: 20 } } as const

/**
 * A set of rows as a table: one array parameter for each column, written `?1.column::type[]` for {@link
 * readPlaceholders}.
 */
export function unnest(columns: Columns, parameter: string): string {
  const arrays = Object.entries(columns).map(([name, type]) => `${parameter}.${name}::${types[type].name}[]`)
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
  const text = sql.replace(
    /\?(\d+)(?:\.(\w+)::(text|bigint)\[\])?/g,
    (placeholder, ordinal: string, column?: string, type?: string) => {
      const index = Number(ordinal) - 1
      if (!numbers.has(placeholder)) {
        if (column === undefined) readers.push((params) => params[index])
        else readers.push((params) => encodeArray(params[index] as readonly GivenRow[], column, type === 'text'))
        numbers.set(placeholder, readers.length)
      }
      const number = `$${numbers.get(placeholder)}`
      return column === undefined ? number : `${number}::${type}[]`
    },
  )
  return { text, valuesOf: (params) => readers.map((read) => read(params)) }
}

const headWords = 5

/**
 * One column in PostgreSQL's binary array format: a head, then the length and the bytes of each element, -1 for null.
 * With the driver's text arrays the throughput of 256 concurrent approvals is a sixth lower.
 */
function encodeArray(rows: readonly GivenRow[], column: string, isText: boolean): Buffer {
  const values = rows.map((row) => row[column] ?? null)
  let at = 4 * headWords
  const array = Buffer.allocUnsafe(values.reduce<number>((size, value) => size + 4 + lengthOf(value), at))
  // One dimension, which begins at 1.
  const { oid } = isText ? types.text : types.integer
  const head = [1, Number(values.includes(null)), oid, values.length, 1]
  for (const [index, word] of head.entries()) array.writeInt32BE(word, 4 * index)
  for (const value of values) {
    const length = typeof value === 'string' ? array.write(value, at + 4) : lengthOf(value)
    if (typeof value === 'number') array.writeBigInt64BE(BigInt(value), at + 4)
    array.writeInt32BE(value === null ? -1 : length, at)
    at += 4 + length
  }
  return array
}

function lengthOf(value: SqlValue): number {
  if (value === null) return 0
  return typeof value === 'string' ? Buffer.byteLength(value) : 8
}
