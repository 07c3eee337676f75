import assert from 'node:assert/strict'
import { type EncryptedTable, encryptedTables } from '../../src/key-rotation/model.ts'
import { createKeyRing, type KeyRing } from '../../src/keyring.ts'
import { realRuntime } from '../../src/runtime.ts'
import type { Reader, Row } from '../../src/storage/storage.ts'
import { newKey, oldKey } from './support.ts'

/** How many ciphertexts of a column each key opens alone. */
export interface ColumnKeys {
  readonly column: string
  readonly old: number
  readonly new: number
}

const rings = { old: createKeyRing(realRuntime, oldKey), new: createKeyRing(realRuntime, newKey) }

const opens = (keyRing: KeyRing, ciphertext: string, context: string): string | undefined => {
  try {
    return keyRing.decrypt(ciphertext, context)
  } catch {
    return undefined
  }
}

/** Throws unless exactly one key opens the ciphertext, and its fingerprint is under the same key. */
function keyOf({ table, encrypted }: EncryptedTable, column: string, row: Row): keyof typeof rings | undefined {
  const [ciphertext, { contextOf, fingerprint } = {}] = [row[column], encrypted[column]]
  if (typeof ciphertext !== 'string' || contextOf === undefined) return undefined
  const opened = (['old', 'new'] as const).flatMap((key) => {
    const plaintext = opens(rings[key], ciphertext, contextOf(row))
    return plaintext === undefined ? [] : [{ key, plaintext }]
  })
  const [found] = opened
  assert.ok(found !== undefined && opened.length === 1, `${table}.${column}: ${opened.length} keys open ${ciphertext}`)
  const parts = fingerprint?.partsOf(row, found.plaintext)
  if (fingerprint !== undefined)
    assert.equal(
      row[fingerprint.column],
      parts === undefined ? null : rings[found.key].fingerprint(parts.value, parts.context),
      `${table}.${fingerprint.column} beside a ciphertext under the ${found.key} key`,
    )
  return found.key
}

const rowsOf = (reader: Reader, { table, primaryKey }: EncryptedTable): Promise<readonly Row[]> =>
  reader.read(`select * from ${table} order by ${Object.keys(primaryKey).join(', ')}`)

/** Of every column of ciphertexts, by opening each of them: the rotation is not asked. */
export async function keysOfColumns(reader: Reader): Promise<readonly ColumnKeys[]> {
  const columns: ColumnKeys[] = []
  for (const table of encryptedTables) {
    const rows = await rowsOf(reader, table)
    for (const column of Object.keys(table.encrypted)) {
      const keys = rows.map((row) => keyOf(table, column, row))
      const countOf = (key: string): number => keys.filter((found) => found === key).length
      columns.push({ column: `${table.table}.${column}`, old: countOf('old'), new: countOf('new') })
    }
  }
  return columns
}

export const countOld = (columns: readonly ColumnKeys[]): number => columns.reduce((sum, { old }) => sum + old, 0)

const rowsPerBatch = 100

/** What each transaction of the next run will write: the former key, batch after batch, the end of the old key. */
export async function transactionsAhead(reader: Reader): Promise<readonly string[]> {
  const batches: string[] = []
  for (const table of encryptedTables) {
    const rows = await rowsOf(reader, table)
    for (let from = 0; from < rows.length; from += rowsPerBatch) {
      const isOld = (row: Row): boolean =>
        Object.keys(table.encrypted).some((column) => keyOf(table, column, row) === 'old')
      if (rows.slice(from, from + rowsPerBatch).some(isOld)) batches.push(table.table)
    }
  }
  return ['former key', ...batches, 'end of the old key']
}
