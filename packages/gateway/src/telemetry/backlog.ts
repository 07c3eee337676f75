import { countUndecided } from '../approval/store.ts'
import type { Context } from '../context.ts'
import { countWaiting } from '../notifications/store.ts'
import type { Backlog } from './metrics.ts'
import { within } from './within.ts'

/** Counting more would cost more than it tells. */
const mostCounted = 10_000

const patienceMs = 1_000

export async function countBacklog(context: Pick<Context, 'storage' | 'runtime'>): Promise<Backlog> {
  const counts = Promise.all([countUndecided(context, mostCounted), countWaiting(context, mostCounted)])
  const [undecidedPayments, waiting] = await within(context.runtime, patienceMs, counts)
  const nowMs = context.runtime.now().getTime()
  return {
    undecidedPayments,
    waitingNotices: waiting.count,
    oldestNoticeMs: waiting.oldestAt === undefined ? 0 : Math.max(0, nowMs - waiting.oldestAt.getTime()),
  }
}
