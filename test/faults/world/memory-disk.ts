import { DatabaseSync } from 'node:sqlite'
import type { Storage, Transaction } from '@sspay/gateway'
import {
  createStatements,
  rowsOf,
  runUpdateWhere,
  tuplesOf,
} from '../../../packages/gateway/src/storage/sqlite-statements.ts'

/** A database that is nobody's process: who opens it dies and comes back, what was committed stays. */
export interface MemoryDisk {
  readonly connection: DatabaseSync
  /** The same rows for every life; closing a life's storage closes nothing. */
  readonly storage: Storage
  /** Each call after one commit, or after one rollback. */
  onEnd(listen: (end: 'committed' | 'rolledBack') => void): void
  close(): void
}

/** One connection without a file: transactions one after another, reads between them, so that they see committed rows only. */
export function openMemoryDisk(): MemoryDisk {
  const connection = new DatabaseSync(':memory:')
  connection.exec('pragma foreign_keys = on')
  const statements = createStatements(connection)
  const begin = connection.prepare('begin')
  const endings = { committed: connection.prepare('commit'), rolledBack: connection.prepare('rollback') }
  const listeners: ((end: 'committed' | 'rolledBack') => void)[] = []
  const end = (how: 'committed' | 'rolledBack'): void => {
    endings[how].run()
    for (const listen of listeners) listen(how)
  }
  const tuples = tuplesOf(connection)
  const transaction: Transaction = {
    rows: rowsOf(connection),
    lock: { wait: '', skip: '' },
    read: async (sql, params = []) => statements.all(sql, params),
    write: async (sql, params = []) => statements.run(sql, params),
    updateWhere: async (update) => runUpdateWhere(statements, tuples, update),
  }
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0

  const runAlone = async <Result>(work: (given: Transaction) => Promise<Result>): Promise<Result> => {
    begin.run()
    try {
      const result = await work(transaction)
      end('committed')
      return result
    } catch (cause) {
      end('rolledBack')
      throw cause
    } finally {
      waiting -= 1
    }
  }
  return {
    connection,
    onEnd: (listen) => void listeners.push(listen),
    close: () => connection.close(),
    storage: {
      rows: transaction.rows,
      maxConcurrentBatches: Number.POSITIVE_INFINITY,
      byKey: 'without rowid',
      lockSchema: async () => {},
      async read(sql, params = []) {
        while (waiting > 0) await last
        return statements.all(sql, params)
      },
      transact(work) {
        waiting += 1
        const result = last.then(() => runAlone(work))
        last = result.catch(() => {})
        return result
      },
      load: () => ({ used: Math.min(waiting, 1), most: 1, waiting: Math.max(waiting - 1, 0) }),
      close: async () => {},
    },
  }
}
