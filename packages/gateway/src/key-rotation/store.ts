import type { Columns, GivenRow, Reader, Row, SqlValue, Transaction } from '../storage/storage.ts'
import type { EncryptedTable } from './model.ts'

/** A root key of a rotation. */
export interface KnownRootKey {
  readonly keyId: string
  /** The kept part of a key that is being replaced. */
  readonly encryptedFormer: string | undefined
  readonly retiredAt: Date | undefined
}

/** Newest first. */
export async function listRootKeys(reader: Reader): Promise<readonly KnownRootKey[]> {
  const rows = await reader.read<{ key_id: string; former_encrypted: string | null; retired_at: number | null }>(
    'select key_id, former_encrypted, retired_at from root_keys order by first_used_at desc, key_id',
  )
  return rows.map((row) => ({
    keyId: row.key_id,
    encryptedFormer: row.former_encrypted ?? undefined,
    retiredAt: row.retired_at === null ? undefined : new Date(row.retired_at),
  }))
}

export const recordFirstUse = (transaction: Transaction, keyId: string, now: Date): Promise<number> =>
  transaction.write('insert into root_keys (key_id, first_used_at) values (?1, ?2) on conflict do nothing', [
    keyId,
    now.getTime(),
  ])

/** Idempotent: keeps the first recorded part of the key. */
export const recordFormer = (
  transaction: Transaction,
  { keyId, encryptedFormer, now }: { readonly keyId: string; readonly encryptedFormer: string; readonly now: Date },
): Promise<number> =>
  transaction.write(
    `insert into root_keys (key_id, first_used_at, former_encrypted) values (?1, ?2, ?3)
     on conflict (key_id) do update set former_encrypted = coalesce(root_keys.former_encrypted, excluded.former_encrypted)`,
    [keyId, now.getTime(), encryptedFormer],
  )

export const recordRetired = (transaction: Transaction, keyId: string, now: Date): Promise<number> =>
  transaction.write('update root_keys set retired_at = ?2 where key_id = ?1 and retired_at is null', [
    keyId,
    now.getTime(),
  ])

const names = (columns: Columns): readonly string[] => Object.keys(columns)

const columnsOf = ({ primaryKey, beside = [], encrypted }: EncryptedTable): readonly string[] => [
  ...names(primaryKey),
  ...beside,
  ...Object.keys(encrypted),
]

/** The next rows in the order of the primary key. */
export function readRowsAfter(
  reader: Reader,
  table: EncryptedTable,
  { after, limit }: { readonly after: Row | undefined; readonly limit: number },
): Promise<readonly Row[]> {
  const key = names(table.primaryKey)
  const places = key.map((_, index) => `?${index + 2}`).join(', ')
  const from = after === undefined ? '' : `where (${key.join(', ')}) > (${places})`
  const params: readonly SqlValue[] = after === undefined ? [] : key.map((name) => after[name] ?? null)
  return reader.read(
    `select ${columnsOf(table).join(', ')} from ${table.table} ${from} order by ${key.join(', ')} limit ?1`,
    [limit, ...params],
  )
}

export interface ReencryptedRow {
  readonly before: Row
  readonly after: Readonly<Record<string, string | null>>
}

const given = (column: string): string => `new_${column}`
const expected = (column: string): string => `old_${column}`

/**
 * Compare-and-set: skips rows whose ciphertext has changed since they were read. Skips locked rows too: it never waits
 * for a lock while it holds one, so it cannot deadlock with an approval. Returns the number of changed rows.
 */
export async function replaceEncrypted(
  transaction: Transaction,
  { table, primaryKey, encrypted }: EncryptedTable,
  rows: readonly ReencryptedRow[],
): Promise<number> {
  const key = names(primaryKey)
  const changed = [...new Set(rows.flatMap(({ after }) => Object.keys(after)))]
  const ciphertexts = Object.keys(encrypted)
  const keyColumns = `(${key.join(', ')})`
  const keysOf = ({ before }: ReencryptedRow): GivenRow => Object.fromEntries(key.map((name) => [name, before[name]]))
  const locked = await transaction.read(
    `select ${key.join(', ')} from ${table}
     where ${keyColumns} in (select ${key.join(', ')} from ${transaction.rows(primaryKey, '?1')} as given)
     ${transaction.lock.skip}`,
    [rows.map(keysOf)],
  )
  const identityOf = (row: GivenRow): string => JSON.stringify(key.map((name) => row[name]))
  const lockedKeys = new Set(locked.map(identityOf))
  const changing = rows.filter((row) => lockedKeys.has(identityOf(keysOf(row))))
  if (changing.length === 0) return 0
  const columns: Columns = {
    ...primaryKey,
    ...Object.fromEntries(changed.map((name) => [given(name), 'text'])),
    ...Object.fromEntries(ciphertexts.map((name) => [expected(name), 'text'])),
  }
  return transaction.write(
    `update ${table} set ${changed.map((name) => `${name} = given.${given(name)}`).join(', ')}
     from ${transaction.rows(columns, '?1')} as given
     where ${key.map((name) => `${table}.${name} = given.${name}`).join(' and ')}
       and ${ciphertexts.map((name) => `${table}.${name} is not distinct from given.${expected(name)}`).join(' and ')}`,
    [
      changing.map((row) => ({
        ...keysOf(row),
        ...Object.fromEntries(changed.map((name) => [given(name), row.after[name] ?? null])),
        ...Object.fromEntries(ciphertexts.map((name) => [expected(name), row.before[name]])),
      })),
    ],
  )
}
