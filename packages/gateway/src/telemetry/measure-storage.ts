import { SpanKind } from '@opentelemetry/api'
import { CommitUnknownError, DatabaseAwayError, type Storage } from '../storage/storage.ts'
import type { Metrics } from './metrics.ts'
import { inSpan } from './spans.ts'

export interface StorageWatch {
  /** Called with true after a commit, and with false when the database rejects writes in general. */
  onTransaction(isAccepted: boolean): void
}

/** Decorates the storage with metrics and spans. */
export function measureStorage(metrics: Metrics, storage: Storage, watch: StorageWatch): Storage {
  const { transactions, reads, commits, commitSizes } = metrics
  storage.watchCommits?.((size) => {
    commitSizes.observe(size)
    return commits.startTimer()
  })
  return {
    ...storage,
    async read(sql, params) {
      const stop = reads.startTimer()
      try {
        const found = await storage.read(sql, params)
        stop({ result: 'ok' })
        return found as never
      } catch (cause) {
        stop({ result: 'failed' })
        throw cause
      }
    },
    transact: (work) =>
      inSpan('transaction', { kind: SpanKind.CLIENT }, async () => {
        const stop = transactions.startTimer()
        try {
          const result = await storage.transact(work)
          stop({ result: 'ok' })
          watch.onTransaction(true)
          return result
        } catch (cause) {
          stop({ result: 'failed' })
          if (rejectsWrites(cause)) watch.onTransaction(false)
          throw cause
        }
      }),
  }
}

const sqliteRejections: ReadonlySet<number> = new Set([8, 10, 13])

/** Read-only, disk full, shutting down, no connection: never caused by the statement itself. */
const postgresRejections = /^(25006|53\d{3}|57P0[123]|58030|08\w{3}|E[A-Z]+)$/

/** Whether the database rejects all writes: SQLite READONLY, IOERR or FULL; an SQLSTATE or network error code. */
function rejectsWrites(cause: unknown): boolean {
  if (cause instanceof CommitUnknownError || cause instanceof DatabaseAwayError) return true
  if (!(cause instanceof Error)) return false
  const { code, errcode } = cause as { readonly code?: unknown; readonly errcode?: unknown }
  if (typeof errcode === 'number') return sqliteRejections.has(errcode % 256)
  return typeof code === 'string' && postgresRejections.test(code)
}
