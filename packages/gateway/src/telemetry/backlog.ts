import { countIndeterminate } from '../approval/store.ts'
import { countIndeterminateCancellations } from '../cancellation/store.ts'
import type { Context } from '../context.ts'
import { countPending } from '../notifications/store.ts'
import { within } from '../within.ts'

/** Unfinished work. Ages are 0 where there is none. */
export interface Backlog {
  readonly payments: number
  readonly oldestPaymentSeconds: number
  readonly cancellations: number
  readonly oldestCancellationSeconds: number
  readonly notifications: number
  readonly oldestNotificationSeconds: number
}

/** Bounds the cost of counting. */
const mostCounted = 10_000

const timeoutMs = 1_000

/** Each count reads a partial index that holds open rows only. */
export async function countBacklog(context: Pick<Context, 'storage' | 'runtime'>): Promise<Backlog> {
  const counts = Promise.all([
    countIndeterminate(context, mostCounted),
    countIndeterminateCancellations(context, mostCounted),
    countPending(context, mostCounted),
  ])
  const [payments, cancellations, notifications] = await within(context.runtime, timeoutMs, counts)
  const now = context.runtime.now()
  return {
    payments: payments.count,
    oldestPaymentSeconds: ageOf(payments.oldestAt, now),
    cancellations: cancellations.count,
    oldestCancellationSeconds: ageOf(cancellations.oldestAt, now),
    notifications: notifications.count,
    oldestNotificationSeconds: ageOf(notifications.oldestAt, now),
  }
}

const ageOf = (from: Date | undefined, now: Date): number =>
  from === undefined ? 0 : Math.max(0, now.getTime() - from.getTime()) / 1_000
