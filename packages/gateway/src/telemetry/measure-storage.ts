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
    read: (sql, params) => timed(reads, () => storage.read(sql, params)),
    transact: (work) =>
      inSpan('transaction', { kind: SpanKind.CLIENT }, async () => {
        try {
          const result = await timed(transactions, () => storage.transact(work))
          watch.onTransaction(true)
          return result
        } catch (cause) {
          if (rejectsWrites(cause)) watch.onTransaction(false)
          throw cause
        }
      }),
  }
}

async function timed<Result>(histogram: Metrics['reads'], work: () => Promise<Result>): Promise<Result> {
  const stop = histogram.startTimer()
  let result = 'failed'
  try {
    const done = await work()
    result = 'ok'
    return done
  } finally {
    stop({ result })
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
