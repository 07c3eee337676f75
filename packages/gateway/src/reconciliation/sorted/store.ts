import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite } from '../../storage/sqlite.ts'

export interface SortedText {
  readonly key: string
  readonly text: string
}

export interface Sorter extends AsyncDisposable {
  /** Keys must be distinct. */
  add(rows: readonly SortedText[]): Promise<void>
  /** In the order of the keys. */
  read(): AsyncGenerator<SortedText>
}

const pageSize = 1_000

/** Sorts more rows than fit into memory, in a temporary file that goes with the sorter. */
export async function createSorter(): Promise<Sorter> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-reconcile-'))
  const storage = await openSqlite(join(folder, 'sorted.db'))
  await storage.transact((transaction) =>
    transaction.write('create table sorted (key text primary key not null, text text not null) without rowid'),
  )
  return {
    async add(rows) {
      await storage.transact((transaction) =>
        transaction.write(
          `insert into sorted (key, text)
           select key, text from ${transaction.rows({ key: 'text', text: 'text' }, '?1')} as given`,
          [rows.map((row) => ({ ...row }))],
        ),
      )
    },
    async *read() {
      let after = ''
      for (;;) {
        const sql = 'select key, text from sorted where key > ?1 order by key limit ?2'
        const rows = await storage.read<{ readonly key: string; readonly text: string }>(sql, [after, pageSize])
        yield* rows
        const last = rows.at(-1)
        if (last === undefined || rows.length < pageSize) return
        after = last.key
      }
    },
    async [Symbol.asyncDispose]() {
      await storage.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
