import type { PaymentState } from '../approval/transitions.ts'
import type { Row } from '../storage/storage.ts'

const dayMs = 24 * 60 * 60_000

/**
 * An archived payment can be neither cancelled nor asked about any more. The guide sets no end to cancelling; the contracts of card companies do, at
 * a year, so nothing younger leaves.
 */
export const leastAgeDays = 365

/** A year, and a month in which a shop that was late can still ask. */
export const usualAgeDays = 400

/** Payments that nobody has to come back to. Approved ones wait for nothing either: who wanted the money back has had a year. */
export const finishedStates: readonly PaymentState[] = [
  'approved',
  'partiallyCancelled',
  'cancelled',
  'declined',
  'reversed',
  'aborted',
  'expired',
]

/** The rows of one payment as they stand in the tables; what was sealed stays sealed. */
export interface PaymentRecord {
  readonly payment: Row & { readonly transaction_id: string; readonly event_hash: string }
  readonly events: readonly Row[]
  readonly notifications: readonly Row[]
  readonly cancellations: readonly Row[]
}

/** The first line of an archive. Times are ISO 8601. */
export interface ArchiveHead {
  readonly archive: string
  readonly format: 1
  readonly changedBefore: string
  readonly writtenAt: string
}

/** The last line. `sha256`: over the bytes of all the lines before it. */
export interface ArchiveTail {
  readonly payments: number
  readonly sha256: string
}

/** `400d` as days; undefined for anything else. */
export function readAge(text: string): number | undefined {
  const [, days] = /^([1-9][0-9]{0,4})d$/.exec(text) ?? []
  return days === undefined ? undefined : Number(days)
}

export const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * dayMs)

/** `day`: yyyyMMdd in Korean time. */
export const archiveNameOf = (day: string, random: string): string => `sspay-payments-${day}-${random}.jsonl.gz`
