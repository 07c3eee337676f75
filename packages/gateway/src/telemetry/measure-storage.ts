import { SpanKind } from '@opentelemetry/api'
import { CommitUnknownError, DatabaseAwayError, type Storage } from '../storage/storage.ts'
import type { Metrics } from './metrics.ts'
import { inSpan } from './spans.ts'

/** `rejected`: the database rejects writes in general. `failed` says nothing of the database. */
export type TransactionOutcome = 'accepted' | 'rejected' | 'failed'

export interface StorageWatch {
  onTransactionBegin(): void
  onTransactionEnd(outcome: TransactionOutcome): void
  /** Called for each statement that finds a damaged file. */
  onCorruption(): void
}

/** Decorates the storage with metrics and spans. */
export function measureStorage(metrics: Metrics, storage: Storage, watch: StorageWatch): Storage {
  const { transactions, reads, commits, commitSizes } = metrics
  storage.watchCommits?.((size) => {
    commitSizes.observe(size)
    return commits.startTimer()
  })
  const watched = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work()
    } catch (cause) {
      if (isCorruption(cause)) watch.onCorruption()
      throw cause
    }
  }
  return {
    ...storage,
    read: (sql, params) => watched(() => timed(reads, () => storage.read(sql, params))),
    transact: (work) =>
      inSpan('transaction', { kind: SpanKind.CLIENT }, async () => {
        watch.onTransactionBegin()
        let outcome: TransactionOutcome = 'failed'
        try {
          const result = await watched(() => timed(transactions, () => storage.transact(work)))
          outcome = 'accepted'
          return result
        } catch (cause) {
          if (rejectsWrites(cause)) outcome = 'rejected'
          throw cause
        } finally {
          watch.onTransactionEnd(outcome)
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
/** CORRUPT and NOTADB. PostgreSQL is shared, and one damaged page there is for its administrator to judge. */
const sqliteCorruptions: ReadonlySet<number> = new Set([11, 26])

/** Read-only, disk full, shutting down, no connection: never caused by the statement itself. */
const postgresRejections = /^(25006|53\d{3}|57P0[123]|58030|08\w{3}|E[A-Z]+)$/

/** Whether the database rejects all writes: SQLite READONLY, IOERR or FULL; an SQLSTATE or network error code. */
function rejectsWrites(cause: unknown): boolean {
  if (cause instanceof CommitUnknownError || cause instanceof DatabaseAwayError) return true
  if (!(cause instanceof Error)) return false
  const sqliteCode = sqliteCodeOf(cause)
  if (sqliteCode !== undefined) return sqliteRejections.has(sqliteCode)
  const { code } = cause as { readonly code?: unknown }
  return typeof code === 'string' && postgresRejections.test(code)
}

const isCorruption = (cause: unknown): boolean => sqliteCorruptions.has(sqliteCodeOf(cause) ?? 0)

function sqliteCodeOf(cause: unknown): number | undefined {
  const { errcode } = cause as { readonly errcode?: unknown }
  return typeof errcode === 'number' ? errcode % 256 : undefined
}
