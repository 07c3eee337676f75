import { type KoreanDay, koreanDayOf } from '@sspay/protocol/internal'
import type { FileKind } from './read-acquirer-file.ts'

/**
 * `missingHere`: in the file, unknown here. `missingThere`: here, not in the file. `date`: on another day. `doubled`: a
 * second row of the same payment or refund. `state`: known here in another state, such as declined.
 */
export const differenceClasses = ['missingHere', 'missingThere', 'amount', 'date', 'doubled', 'state'] as const

export type DifferenceClass = (typeof differenceClasses)[number]

/** One side of a comparison. */
export interface Compared {
  readonly kind: FileKind
  readonly transactionId: string
  readonly amount: number
  readonly day: string | undefined
}

export interface Difference extends Pick<Compared, 'kind' | 'transactionId'> {
  /** `reversedLater` is none: the charge was reversed after the end of the day, and the next file has its reversal. */
  readonly class: DifferenceClass | 'reversedLater'
  /** Of the file. */
  readonly line?: number | undefined
  readonly here?: { readonly amount: number; readonly day?: string | undefined; readonly state?: string }
  readonly there?: { readonly amount: number; readonly day?: string | undefined }
}

export interface There extends Compared {
  readonly line: number
}

/** What is known here of a payment or refund that is not among those of the day. `at`: as of `KnownRow`. */
export interface Known {
  readonly amount: number
  readonly state: string
  readonly at: Date | undefined
}

const sideOf = ({ amount, day }: Compared) => ({ amount, day })

export const describeThere = (there: There) => ({
  kind: there.kind,
  transactionId: there.transactionId,
  line: there.line,
  there: sideOf(there),
})

/** Both sides have it, here on the day. */
export function compareMatched(here: Compared, there: There, day: KoreanDay): readonly Difference[] {
  const both = { ...describeThere(there), here: sideOf(here) }
  return [
    ...(here.amount === there.amount ? [] : [{ ...both, class: 'amount' as const }]),
    ...(there.day === undefined || there.day === day.name ? [] : [{ ...both, class: 'date' as const }]),
  ]
}

export const missingThere = (here: Compared): Difference => ({
  class: 'missingThere',
  kind: here.kind,
  transactionId: here.transactionId,
  here: sideOf(here),
})

const doneStates: Readonly<Record<'approval' | 'refund', readonly string[]>> = {
  approval: ['approved', 'partiallyCancelled', 'cancelled'],
  refund: ['cancelled'],
}

const isSince = (at: Date | undefined, time: Date): boolean => at !== undefined && at >= time

/** A row of the file without its like here on the day. `isReversedThere`: the file has the reversal too. */
export function judgeUnmatched(
  there: There,
  known: Known | undefined,
  { day, isReversedThere }: { readonly day: KoreanDay; readonly isReversedThere: boolean },
): readonly Difference[] {
  const about = describeThere(there)
  if (known === undefined) return [{ ...about, class: 'missingHere' }]
  const knownDay = known.at && koreanDayOf(known.at)
  const both = { ...about, here: { amount: known.amount, day: knownDay, state: known.state } }
  const amounts = known.amount === there.amount ? [] : [{ ...both, class: 'amount' as const }]
  const isReversed = known.state === 'reversed'
  if (there.kind === 'reversal') return isReversed ? amounts : [{ ...both, class: 'state' }]
  if (there.kind === 'approval' && isReversed && isReversedThere) return amounts
  if (there.kind === 'approval' && isReversed)
    return [...amounts, { ...both, class: isSince(known.at, day.end) ? 'reversedLater' : 'state' }]
  if (!doneStates[there.kind].includes(known.state)) return [{ ...both, class: 'state' }]
  // On the day, but left out by the filter: another merchant's or acquirer's.
  if (knownDay === day.name) return [{ ...both, class: 'missingHere' }]
  return [...amounts, { ...both, class: 'date' }]
}
