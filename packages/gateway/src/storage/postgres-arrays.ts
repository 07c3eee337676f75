import type { Columns, ColumnType, GivenRow, Parameter } from './storage.ts'

/** The types of PostgreSQL, by name and by the number that stands for their elements in an array. */
const types: Readonly<Record<ColumnType, { readonly name: string; readonly oid: number }>> = {
  text: { name: 'text', oid: 25 },
  integer: { name: 'bigint', oid: 20 },
}

/** A set of rows as a table: each of its columns is a parameter of its own, an array. {@link readPlaceholders} finds them in the text. */
export function unnest(columns: Columns, parameter: string): string {
  const arrays = Object.entries(columns).map(([name, type]) => `${parameter}.${name}::${types[type].name}[]`)
  return `(select * from unnest(${arrays.join(', ')}) as given_rows(${Object.keys(columns).join(', ')}))`
}

/** A statement as the driver wants it, and how its parameters become the driver's. */
export interface Placeholders {
  readonly text: string
  valuesOf(params: readonly Parameter[]): unknown[]
}

const placeholder = /\?(\d+)(?:\.(\w+)::(text|bigint)\[\])?/g

export function readPlaceholders(sql: string): Placeholders {
  const readers = new Map<string, (params: readonly Parameter[]) => unknown>()
  const numbers = new Map<string, number>()
  const text = sql.replace(placeholder, (found, ordinal: string, column?: string, type?: string) => {
    const index = Number(ordinal) - 1
    if (column === undefined) readers.set(found, (params) => params[index])
    else readers.set(found, (params) => arrayOf(params[index] as readonly GivenRow[], column, type === 'text'))
    const number = numbers.get(found) ?? readers.size
    numbers.set(found, number)
    return column === undefined ? `$${number}` : `$${number}::${type}[]`
  })
  const inOrder = [...readers.values()]
  return { text, valuesOf: (params) => inOrder.map((read) => read(params)) }
}

const headBytes = 20
const bigintBytes = 8

/** One column in PostgreSQL's binary form of an array: its head, then of each element the length and the bytes, -1 for null. */
function arrayOf(rows: readonly GivenRow[], column: string, isText: boolean): Buffer {
  let bytes = headBytes
  let nulls = 0
  for (const row of rows) {
    const value = row[column] ?? null
    bytes += 4
    if (value === null) nulls++
    else bytes += isText ? Buffer.byteLength(value as string) : bigintBytes
  }
  const array = Buffer.allocUnsafe(bytes)
  // One dimension, from 1 to the number of rows.
  for (const [index, word] of [
    1,
    Math.min(nulls, 1),
    isText ? types.text.oid : types.integer.oid,
    rows.length,
    1,
  ].entries())
    array.writeInt32BE(word, index * 4)
  let at = headBytes
  for (const row of rows) {
    const value = row[column] ?? null
    const length = value === null ? -1 : writeValue(array, value, isText, at + 4)
    array.writeInt32BE(length, at)
    at += 4 + Math.max(length, 0)
  }
  return array
}

const writeValue = (array: Buffer, value: unknown, isText: boolean, at: number): number =>
  isText ? array.write(value as string, at) : writeBigint(array, value as number, at)

const wordSize = 2 ** 32

function writeBigint(array: Buffer, value: number, at: number): number {
  array.writeInt32BE(Math.floor(value / wordSize), at)
  array.writeUInt32BE(((value % wordSize) + wordSize) % wordSize, at + 4)
  return bigintBytes
}
