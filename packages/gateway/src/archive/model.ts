import type { Row } from '../storage/storage.ts'

const dayMs = 24 * 60 * 60_000

/**
 * An archived payment can be neither refunded nor inquired about. The contracts of card companies allow refunds for a
 * year.
 */
export const leastAgeDays = 365

/** A year, and a month for late inquiries. */
export const usualAgeDays = 400

/** Payments without further work. Approved ones can still be refunded, which the minimum age allows for. */
export const finishedStates = [
  'approved',
  'partiallyCancelled',
  'cancelled',
  'declined',
  'reversed',
  'aborted',
  'expired',
] as const

/** The archive watermark: payments requested before these times may have left the database; 1970 when none ever has. */
export interface Watermark {
  /** Into an archive. */
  readonly archivedBefore: Date
  /** Deleted, as their buyers never authenticated: they charged nothing, and no shop can ask about them. */
  readonly unauthenticatedDeletedBefore: Date
}

/** The rows of one payment as they are in the tables; ciphertexts stay encrypted. */
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

/** The last line. `sha256`: of the bytes of all lines before it. */
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
