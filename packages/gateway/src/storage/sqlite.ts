import { chmodSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { createGroupCommit } from './group-commit.ts'
import { createStatements, rowsOf, runChangeSet, type Statements, tuplesOf } from './sqlite-statements.ts'
import type { Storage, Transaction } from './storage.ts'

const busyTimeoutMs = 5000

/**
 * A payment with its answer does not fit a page of 4 kB together with another one; a new file has larger ones. What a statement would put into a
 * file of its own, to undo itself, stays in memory.
 */
const settings = `
  pragma page_size = 8192; pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma temp_store = memory`

/**
 * One file, nothing to install. A transaction is durable when its promise resolves (WAL, `synchronous=full`); transactions
 * that wait together share one flush. Reads outside a transaction run on a second connection and see committed rows only.
 * Throws when the file is not a SQLite database.
 */
export async function openSqlite(file: string): Promise<Storage> {
  const writer = openWriter(file)
  const reader = new DatabaseSync(file, { readOnly: true, timeout: busyTimeoutMs })
  const rows = rowsOf(writer)
  const tuples = tuplesOf(writer)
  const written = createStatements(writer)
  const found = createStatements(reader)
  const groupCommit = createGroupCommit(writer)
  let isClosed = false

  const requireOpen = (): void => {
    if (isClosed) throw new Error('the storage is closed')
  }

  return {
    rows,
    // Transactions that wait are one commit anyway.
    lanes: Number.POSITIVE_INFINITY,
    byKey: 'without rowid',
    // A transaction has the only writer.
    lockSchema: async () => {},
    async read(sql, params = []) {
      requireOpen()
      return found.all(sql, params)
    },
    async transact(work) {
      requireOpen()
      return groupCommit.transact(() => runInTransaction(written, { rows, tuples }, work))
    },
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

function openWriter(file: string): DatabaseSync {
  const writer = new DatabaseSync(file, { timeout: busyTimeoutMs })
  try {
    writer.exec(settings)
    chmodSync(file, 0o600)
    return writer
  } catch (cause) {
    writer.close()
    throw new Error(`${file} cannot be used as a SQLite database`, { cause })
  }
}

/** A transaction that outlives its work would write into somebody else's: after the work has ended it only throws. */
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
    async changeSet(changeSet) {
      requireRunning()
      hasEnded = changeSet.isLast
      return runChangeSet(statements, tuples, changeSet)
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

/** Statements settle within one turn of the event loop; work that waits for anything else would hold everybody up. */
function endOfTurn(): { readonly passed: Promise<never>; forget(): void } {
  const { promise: passed, reject } = Promise.withResolvers<never>()
  const immediate = setImmediate(() => reject(new Error('a transaction may await nothing but its own statements')))
  return { passed, forget: () => clearImmediate(immediate) }
}
