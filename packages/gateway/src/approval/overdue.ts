import type { Context, Settings } from '../context.ts'
import { perStorage } from '../storage/batching.ts'
import { retryBudgetMs } from '../storage/storage.ts'
import { approvalMarginMs, hasWaited, type OpenPayments, type Payment } from './model.ts'
import type { RowContext } from './payment-row.ts'
import { openPayments } from './store.ts'

/*
 * An approval dates its intent, commits it, calls the card network and commits the outcome. The commit of the intent
 * may wait for the database for the whole retry budget, and that time counts from the date: the resolver must not take
 * such an approval for one of a dead process. Both sides keep one limit: an approval whose intent is older than the
 * retry budget does not call the network, and the resolver waits for the retry budget, the network's time-out and the
 * commit of the outcome.
 */

/**
 * True when the resolver may take the payment over before the card network answers: the network must not be called any
 * more.
 */
export const isIntentTooOld = (begunAt: Date, now: Date): boolean => now.getTime() - begunAt.getTime() > retryBudgetMs

/** The age of an intent from which on its process must have died. */
export const abandonedAfterMs = ({ cardNetworkTimeoutMs }: Settings): number =>
  retryBudgetMs + cardNetworkTimeoutMs + approvalMarginMs

/** Transaction ids of approvals in progress in this process: the resolver leaves them alone, however long they take. */
export const approvalsInProgress: (context: Pick<Context, 'storage'>) => Set<string> = perStorage(() => new Set())

const aheadOn = perStorage(() => new Map<OpenPayments['state'], ReadonlyMap<string, Date>>())

/**
 * Payments that have been in a state for `waitMs`. The date of one that is ahead of this clock is meaningless: its
 * clock ran ahead, or another gateway's does. Such a payment is overdue once this process has seen it so, in each
 * round, for `waitMs`.
 */
export async function findOverdue(
  context: RowContext & Pick<Context, 'runtime'>,
  { state, waitMs, limit }: OpenPayments & { readonly waitMs: number },
): Promise<readonly Payment[]> {
  const now = context.runtime.now()
  const overdue = await openPayments(context, { state, limit }, { until: new Date(now.getTime() - waitMs) })
  const ahead = await openPayments(context, { state, limit }, { after: now })
  const seen = aheadOn(context)
  const before = seen.get(state)
  const since = new Map(ahead.map(({ transactionId }) => [transactionId, before?.get(transactionId) ?? now]))
  seen.set(state, since)
  return [...overdue, ...ahead.filter(({ transactionId }) => hasWaited(since.get(transactionId) ?? now, waitMs, now))]
}
