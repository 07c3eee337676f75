import type { Context } from '../context.ts'
import { perStorage } from '../storage/per-storage.ts'
import { hasWaited, type Payment } from './model.ts'
import type { LookedAfter } from './payment-row.ts'
import { paymentsAhead } from './store.ts'
import type { PaymentState } from './transitions.ts'

const seenOn = perStorage(() => new Map<PaymentState, ReadonlyMap<string, Date>>())

interface Wanted {
  readonly state: 'requested' | 'authenticated' | 'approving'
  readonly waitMs: number
  readonly limit: number
}

/**
 * Payments whose change is dated ahead of this clock, and that were seen so for `waitMs`, one round after another. Their dates
 * say nothing: the clock ran ahead and was set back, or the clock of another gateway runs ahead and it is still at work.
 */
export async function overdueAhead(
  context: LookedAfter & Pick<Context, 'runtime'>,
  { state, waitMs, limit }: Wanted,
): Promise<readonly Payment[]> {
  const now = context.runtime.now()
  const ahead = await paymentsAhead(context, { state, changedAfter: now, limit })
  const before = seenOn(context).get(state)
  const since = new Map(ahead.map(({ transactionId }) => [transactionId, before?.get(transactionId) ?? now]))
  seenOn(context).set(state, since)
  return ahead.filter(({ transactionId }) => hasWaited(since.get(transactionId) ?? now, waitMs, now))
}
