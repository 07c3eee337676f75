import type { Settings } from '../context.ts'
import { retryBudgetMs } from '../storage/storage.ts'
import { approvalMarginMs } from './model.ts'

/*
 * An approval dates its intent, commits it, asks the card network and commits the outcome. The commit of the intent may wait for
 * the database as long as the storage retries, and that time counts from the date, so the resolver must not take the intent for
 * one of a dead process meanwhile. Both sides keep to one limit: an approval whose intent is older than the retry budget does not
 * begin to ask, and the resolver waits for the retry budget, the time-out of the network and the commit of the outcome.
 */

/** Whether the card network must not be asked any more, because the resolver may take the payment over before it answers. */
export const isIntentTooOld = (begunAt: Date, now: Date): boolean => now.getTime() - begunAt.getTime() > retryBudgetMs

/** How old an intent is before nobody can be working on it. */
export const abandonedAfterMs = ({ cardNetworkTimeoutMs }: Settings): number =>
  retryBudgetMs + cardNetworkTimeoutMs + approvalMarginMs
