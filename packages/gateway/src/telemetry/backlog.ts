import { countUndecided } from '../approval/store.ts'
import { countUnanswered } from '../cancellation/store.ts'
import type { Context } from '../context.ts'
import { countWaiting } from '../notifications/store.ts'
import { within } from './within.ts'

/** What waits for somebody. Ages in milliseconds, 0 where nothing waits. */
export interface Backlog {
  readonly undecidedPayments: number
  readonly oldestUndecidedMs: number
  readonly openCancellations: number
  readonly oldestCancellationMs: number
  readonly waitingNotices: number
  readonly oldestNoticeMs: number
}

/** Counting more would cost more than it tells. */
const mostCounted = 10_000

const patienceMs = 1_000

/** Each count looks at open rows only, through an index that holds no others. */
export async function countBacklog(context: Pick<Context, 'storage' | 'runtime'>): Promise<Backlog> {
  const counts = Promise.all([
    countUndecided(context, mostCounted),
    countUnanswered(context, mostCounted),
    countWaiting(context, mostCounted),
  ])
  const [undecided, unanswered, waiting] = await within(context.runtime, patienceMs, counts)
  const now = context.runtime.now()
  return {
    undecidedPayments: undecided.count,
    oldestUndecidedMs: ageOf(undecided.oldestAt, now),
    openCancellations: unanswered.count,
    oldestCancellationMs: ageOf(unanswered.oldestAt, now),
    waitingNotices: waiting.count,
    oldestNoticeMs: ageOf(waiting.oldestAt, now),
  }
}

const ageOf = (from: Date | undefined, now: Date): number =>
  from === undefined ? 0 : Math.max(0, now.getTime() - from.getTime())
