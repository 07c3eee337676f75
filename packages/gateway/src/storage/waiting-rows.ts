import type { Row } from './storage.ts'

/** How many rows wait for something, and since when the oldest of them does. */
export interface WaitingRows {
  readonly count: number
  readonly oldestAt: Date | undefined
}

/** The one row of a `select count(*) as count, min(…) as oldest`. */
export interface CountRow extends Row {
  readonly count: number
  readonly oldest: number | null
}

export const waitingRowsOf = ([found]: readonly CountRow[]): WaitingRows => ({
  count: found?.count ?? 0,
  oldestAt: found === undefined || found.oldest === null ? undefined : new Date(found.oldest),
})
