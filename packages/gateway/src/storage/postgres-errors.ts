import pg from 'pg'
import { ReadOnlyHostError } from './postgres-pool.ts'
import { CommitUnknownError } from './storage.ts'

/** Whether the statement was committed is unknown; running it again is safe, as its condition is a compare-and-set. */
export class StatementLostError extends CommitUnknownError {}

export const codeOf = (cause: unknown): string => (cause instanceof pg.DatabaseError ? (cause.code ?? '') : '')

/** The host is unreachable, is starting or stopping, or accepts no writes. */
export const isHostError = (cause: unknown): boolean =>
  cause instanceof ReadOnlyHostError ||
  cause instanceof StatementLostError ||
  /^(08|57P0|25006)/.test(codeOf(cause)) ||
  (cause instanceof Error && !(cause instanceof pg.DatabaseError) && isConnectionError(cause))

/** Errors of Node have a code; those of the driver have only a message. */
const isConnectionError = (cause: Error & { readonly code?: unknown }): boolean =>
  /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_)/.test(String(cause.code ?? '')) ||
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered)/.test(
    cause.message,
  )

/** A prepared statement of a table that has a new column since; a new connection prepares it again. */
const isOutdatedPlan = (cause: unknown): boolean =>
  codeOf(cause) === '0A000' && /cached plan/.test((cause as Error).message)

export const breaksConnection = (cause: unknown): boolean =>
  cause instanceof CommitUnknownError || isHostError(cause) || isOutdatedPlan(cause)

/** Another session holds a lock for longer than `lock_timeout`. */
export const isLockTimeout = (cause: unknown): boolean => codeOf(cause) === '55P03'

/** Too many connections, or the server has cancelled the statement: `lock_timeout` or `statement_timeout`. */
const isBusy = (cause: unknown): boolean => isLockTimeout(cause) || /^(53300|57014)$/.test(codeOf(cause))

/** Nothing of the work has happened, and a retry may succeed. */
export const isTransient = (cause: unknown): boolean => isHostError(cause) || isOutdatedPlan(cause) || isBusy(cause)

/** Several addresses of one name fail with an error without a message. */
export const describeCause = (cause: unknown): string =>
  cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : String(cause)

/**
 * Deadlock, serialization failure or unique violation: a concurrent transaction was first. A retry sees what that one
 * has committed; a conflict that remains is a bug.
 */
export const isConflict = (cause: unknown): boolean => isDeadlock(cause) || /^(40001|23505)$/.test(codeOf(cause))

export const isDeadlock = (cause: unknown): boolean => codeOf(cause) === '40P01'
