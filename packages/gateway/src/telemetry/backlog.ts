import { countIndeterminate } from '../approval/store.ts'
import { countIndeterminateCancellations } from '../cancellation/store.ts'
import type { Context } from '../context.ts'
import { countPending } from '../notifications/store.ts'
import { within } from './within.ts'

/** What waits for somebody. Ages in milliseconds, 0 where nothing waits. */
export interface Backlog {
  readonly indeterminatePayments: number
  readonly oldestIndeterminateMs: number
  readonly openCancellations: number
  readonly oldestCancellationMs: number
  readonly pendingNotifications: number
  readonly oldestNotificationMs: number
}

/** Counting more would cost more than it tells. */
const mostCounted = 10_000

const retryBudgetMs = 1_000

/** Each count looks at open rows only, through an index that holds no others. */
export async function countBacklog(context: Pick<Context, 'storage' | 'runtime'>): Promise<Backlog> {
  const counts = Promise.all([
    countIndeterminate(context, mostCounted),
    countIndeterminateCancellations(context, mostCounted),
    countPending(context, mostCounted),
  ])
  const [indeterminate, cancellations, pending] = await within(context.runtime, retryBudgetMs, counts)
  const now = context.runtime.now()
  return {
    indeterminatePayments: indeterminate.count,
    oldestIndeterminateMs: ageOf(indeterminate.oldestAt, now),
    openCancellations: cancellations.count,
    oldestCancellationMs: ageOf(cancellations.oldestAt, now),
    pendingNotifications: pending.count,
    oldestNotificationMs: ageOf(pending.oldestAt, now),
  }
}

const ageOf = (from: Date | undefined, now: Date): number =>
  from === undefined ? 0 : Math.max(0, now.getTime() - from.getTime())
