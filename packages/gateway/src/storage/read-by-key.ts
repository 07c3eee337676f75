import { collect } from './batch.ts'
import { perStorage } from './per-storage.ts'
import type { Reader, Row, Storage } from './storage.ts'

/** A table whose rows are asked for one by one, and its primary key. */
export interface KeyedTable {
  readonly table: string
  readonly column: string
}

type Read = (key: string) => Promise<Row | undefined>

const readsOf = perStorage(() => new Map<string, Read>())

/** The row with that primary key. Calls that wait together share a statement; inside a transaction each is one of its own. */
export async function readByKey<Found extends Row>(
  storage: Reader | Storage,
  keyed: KeyedTable,
  key: string,
): Promise<Found | undefined> {
  if (!('lanes' in storage)) {
    const { table, column } = keyed
    return (await storage.read<Found>(`select * from ${table} where ${column} = ?1`, [key]))[0]
  }
  const reads = readsOf({ storage })
  const read = reads.get(keyed.table) ?? createRead(storage, keyed)
  reads.set(keyed.table, read)
  return read(key) as Promise<Found | undefined>
}

const createRead = (storage: Storage, { table, column }: KeyedTable): Read =>
  collect(async (wanted) => {
    const given = storage.rows({ wanted: 'text' }, '?1')
    const distinct = [...new Set(wanted)].map((key) => ({ wanted: key }))
    const found = await storage.read(`select ${table}.* from ${given} as given join ${table} on ${column} = wanted`, [
      distinct,
    ])
    const byKey = new Map(found.map((row) => [row[column], row]))
    return wanted.map((key) => byKey.get(key))
  }, storage.lanes)
