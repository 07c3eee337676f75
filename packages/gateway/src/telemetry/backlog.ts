import { countIndeterminate } from '../approval/store.ts'
import { countIndeterminateCancellations } from '../cancellation/store.ts'
import type { Context } from '../context.ts'
import { countPending } from '../notifications/store.ts'
import type { WaitingRows } from '../storage/storage.ts'
import { within } from '../within.ts'

/** Unfinished work of one kind. `oldestSeconds` is 0 where there is none. */
interface Waiting {
  readonly count: number
  readonly oldestSeconds: number
}

export type Backlog = Readonly<Record<'payments' | 'cancellations' | 'notifications', Waiting>>

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
  const now = context.runtime.now().getTime()
  const waiting = ({ count, oldestAt }: WaitingRows): Waiting => ({
    count,
    oldestSeconds: oldestAt === undefined ? 0 : Math.max(0, now - oldestAt.getTime()) / 1_000,
  })
  return {
    payments: waiting(payments),
    cancellations: waiting(cancellations),
    notifications: waiting(notifications),
  }
}
