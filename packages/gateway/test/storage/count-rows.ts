import type { Storage } from '../../src/storage/storage.ts'

/** How many rows of a table the statements of each transaction read, on PostgreSQL. */
export function countRows(storage: Storage, table: string): { readonly storage: Storage; rows(): number } {
  let rows = 0
  const transact: Storage['transact'] = (work) =>
    storage.transact(async (transaction) => {
      // The counter is read after the last update.
      const updateWhere: typeof transaction.updateWhere = (given) =>
        transaction.updateWhere({ ...given, isLast: false })
      const result = await work({ ...transaction, updateWhere })
      const [found] = await transaction.read<{ readonly rows: number }>(
        'select (seq_tup_read + idx_tup_fetch)::int as rows from pg_stat_xact_user_tables where relname = ?1',
        [table],
      )
      rows += found?.rows ?? Number.NaN
      return result
    })
  return { storage: { ...storage, transact }, rows: () => rows }
}
