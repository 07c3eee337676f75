import type { JournalState, Standing } from './journal.ts'

export const isOpen = (state: JournalState): boolean =>
  state === 'begun' || state === 'approved' || state === 'abandoned' || state === 'approved_abandoned'

export const isAbandoned = (state: JournalState): boolean => state === 'abandoned' || state === 'approved_abandoned'

/** The service has said that it took the money, and nobody has said since that it went back. */
export const wasApproved = (state: JournalState): boolean =>
  state === 'approved' || state === 'approved_abandoned' || state === 'paid'

/** What may still be asked for, or found out. */
export function standingOf(state: JournalState | undefined): Standing {
  if (state === undefined) return 'new'
  return isAbandoned(state) || state === 'cancelled' ? 'closed' : 'known'
}
