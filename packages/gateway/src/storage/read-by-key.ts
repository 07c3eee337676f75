import { collect } from './batch.ts'
import type { Reader, Row, Storage } from './storage.ts'

/** A table whose rows are asked for one by one, and its primary key. */
export interface KeyedTable {
  readonly table: string
  readonly column: string
}

type Read = (key: string) => Promise<Row | undefined>

const readers = new WeakMap<Reader, Map<string, Read>>()

/** The row with that primary key. Calls that wait together share a statement; inside a transaction each is one of its own. */
export function readByKey<Found extends Row>(
  storage: Reader | Storage,
  keyed: KeyedTable,
  key: string,
): Promise<Found | undefined> {
  const known = readers.get(storage) ?? new Map<string, Read>()
  readers.set(storage, known)
  const read = known.get(keyed.table) ?? createRead(storage, keyed)
  known.set(keyed.table, read)
  return read(key) as Promise<Found | undefined>
}

function createRead(storage: Reader | Storage, { table, column }: KeyedTable): Read {
  if (!('lanes' in storage))
    return async (key) => (await storage.read(`select * from ${table} where ${column} = ?1`, [key]))[0]
  return collect(async (wanted) => {
    const given = storage.rows({ wanted: 'text' }, '?1')
    const distinct = [...new Set(wanted)].map((key) => ({ wanted: key }))
    const found = await storage.read(`select ${table}.* from ${given} as given join ${table} on ${column} = wanted`, [
      JSON.stringify(distinct),
    ])
    const byKey = new Map(found.map((row) => [row[column], row]))
    return wanted.map((key) => byKey.get(key))
  }, storage.lanes)
}
