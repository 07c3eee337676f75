import { chmodSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { createGroupCommit } from './group-commit.ts'
import { createStatements, rowsOf, runUpdateWhere, type Statements, tuplesOf } from './sqlite-statements.ts'
import type { ClosableReader, Storage, Transaction } from './storage.ts'

const busyTimeoutMs = 5000

/** Pages of 8 kB hold more than one payment with its answer. The statement journal stays in memory. */
const settings = `
  pragma page_size = 8192; pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma temp_store = memory`

/**
 * SQLite in one file. A transaction is durable when its promise resolves (WAL, `synchronous=full`); transactions that
 * wait at the same time share one flush (group commit). Reads outside a transaction run on a second connection and see
 * committed rows only.
 *
 * @throws when the file is not a SQLite database
 */
export async function openSqlite(file: string): Promise<Storage> {
  const writer = openWriter(file)
  const reader = openReader(file)
  const rows = rowsOf(writer)
  const tuples = tuplesOf(writer)
  const written = createStatements(writer)
  const found = createStatements(reader)
  const groupCommit = createGroupCommit(writer)
  let isClosed = false

  const requireOpen = (): void => {
    if (isClosed) throw new Error('the storage is closed')
  }

  const transact: Storage['transact'] = async (work) => {
    requireOpen()
    return groupCommit.transact(() => runInTransaction(written, { rows, tuples }, work))
  }

  return {
    rows,
    // Group commit bounds the commits.
    maxConcurrentBatches: Number.POSITIVE_INFINITY,
    byKey: 'without rowid',
    async read(sql, params = []) {
      requireOpen()
      return found.all(sql, params)
    },
    transact,
    // There is one writer.
    changeSchema: transact,
    load: groupCommit.load,
    watchCommits: groupCommit.watchCommits,
    async close() {
      if (isClosed) return
      isClosed = true
      await groupCommit.drained()
      reader.close()
      writer.close()
    },
  }
}

/**
 * The same file for reads only, also beside a gateway.
 *
 * @throws when the file is missing or not a SQLite database
 */
export function openSqliteReader(file: string): ClosableReader {
  const reader = openReader(file)
  const found = createStatements(reader)
  return {
    rows: rowsOf(reader),
    async read(sql, params = []) {
      return found.all(sql, params)
    },
    async close() {
      reader.close()
    },
  }
}

function openWriter(file: string): DatabaseSync {
  let writer: DatabaseSync | undefined
  try {
    writer = new DatabaseSync(file, { timeout: busyTimeoutMs })
    writer.exec(settings)
    chmodSync(file, 0o600)
    return writer
  } catch (cause) {
    writer?.close()
    throw unusable(file, cause)
  }
}

function openReader(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { readOnly: true, timeout: busyTimeoutMs })
  } catch (cause) {
    throw unusable(file, cause)
  }
}

function unusable(file: string, cause: unknown): Error {
  const why = (cause as Error).message
  return new Error(
    `SSPAY_DATA: ${file}: SQLite 데이터베이스로 쓸 수 없습니다(${why}). 소유자와 권한, 디스크를 확인하세요.
SSPAY_DATA: ${file} cannot be used as a SQLite database (${why}): check its owner, its permissions and the disk`,
    { cause },
  )
}

/** After its work has ended, a transaction throws: it would write into the transaction of another caller. */
async function runInTransaction<Result>(
  statements: Statements,
  { rows, tuples }: { readonly rows: Transaction['rows']; readonly tuples: Transaction['rows'] },
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  let hasEnded = false
  const requireRunning = (): void => {
    if (hasEnded) throw new Error('the transaction has ended: its work did not await every statement')
  }
  const transaction: Transaction = {
    rows,
    lock: { wait: '', skip: '' },
    async read(sql, params = []) {
      requireRunning()
      return statements.all(sql, params)
    },
    async write(sql, params = []) {
      requireRunning()
      return statements.run(sql, params)
    },
    async updateWhere(update) {
      requireRunning()
      hasEnded = update.isLast
      return runUpdateWhere(statements, tuples, update)
    },
  }
  const turn = endOfTurn()
  try {
    return await Promise.race([work(transaction), turn.passed])
  } finally {
    turn.forget()
    hasEnded = true
  }
}

/**
 * Statements resolve within one turn of the event loop; work that awaits anything else would block every other
 * transaction.
 */
function endOfTurn(): { readonly passed: Promise<never>; forget(): void } {
  const { promise: passed, reject } = Promise.withResolvers<never>()
  const immediate = setImmediate(() => reject(new Error('a transaction may await nothing but its own statements')))
  return { passed, forget: () => clearImmediate(immediate) }
}
