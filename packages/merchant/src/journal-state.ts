import type { JournalState, Standing } from './journal.ts'

export const isOpen = (state: JournalState): boolean =>
  state === 'intended' || state === 'approved' || state === 'given_up' || state === 'approved_given_up'

export const isGivenUp = (state: JournalState): boolean => state === 'given_up' || state === 'approved_given_up'

/** The service has said that it took the money, and nobody has said since that it went back. */
export const wasApproved = (state: JournalState): boolean =>
  state === 'approved' || state === 'approved_given_up' || state === 'credited'

/** What may still be asked for, or found out. */
export function standingOf(state: JournalState | undefined): Standing {
  if (state === undefined) return 'new'
  return isGivenUp(state) || state === 'cancelled' ? 'closed' : 'known'
}
