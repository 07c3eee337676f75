import type { Storage, Transaction } from '../packages/gateway/src/storage/storage.ts'
import { openRawLog } from './raw-log.ts'

/**
 * A bare file in the place of a database: the rows of each statement are appended as they travel to an engine, and
 * waiting transactions share a flush. Every payment counts as changed. Nothing is looked up, and nothing can be found
 * again.
 */
export function openLogStorage(file: string, length: number): Storage {
  const log = openRawLog(file, length)
  return {
    maxConcurrentBatches: Number.POSITIVE_INFINITY,
    rows: () => 'given',
    byKey: '',
    changeSchema: () => Promise.reject(new Error('a log has no tables')),
    async read() {
      throw new Error('nothing can be found in a log')
    },
    async transact(work) {
      const written: string[] = []
      const transaction: Transaction = {
        rows: () => 'given',
        lock: { wait: '', skip: '' },
        async read() {
          throw new Error('nothing can be found in a log')
        },
        async write(_sql, params = []) {
          written.push(JSON.stringify(params))
          return 0
        },
        async updateWhere({ key, rows }) {
          written.push(JSON.stringify(rows))
          return new Set(rows.map((row) => String(row[key])))
        },
      }
      const result = await work(transaction)
      await log.append(written.join('\n'))
      return result
    },
    load: () => ({ used: 0, most: 1, waiting: 0 }),
    close: async () => log.close(),
  }
}
