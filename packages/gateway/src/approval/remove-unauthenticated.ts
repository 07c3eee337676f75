import { deletePayments, raiseWatermark } from '../archive/store.ts'
import type { Context } from '../context.ts'
import { unauthenticatedBefore } from './store.ts'

/** Small enough that a request, which on SQLite waits for the end of the transaction, is not delayed noticeably. */
const perStep = 100
const stepsPerRound = 5

/**
 * Background job: deletes payments that ended without an authentication `keepUnauthenticatedMs` ago, with their events
 * and windows. They charged nothing and never had a ticket, so they need no archive. Each run is bounded.
 */
export async function removeUnauthenticated({
  runtime,
  storage,
  settings,
}: Pick<Context, 'runtime' | 'storage' | 'settings'>): Promise<void> {
  const changedBefore = new Date(runtime.now().getTime() - settings.keepUnauthenticatedMs)
  for (let step = 0; step < stepsPerRound; step++) {
    const found = await storage.transact(async (transaction) => {
      const transactionIds = await unauthenticatedBefore(transaction, { changedBefore, limit: perStep })
      if (transactionIds.length === 0) return 0
      // Every payment is requested before it ends, so all of these were requested before that time.
      await raiseWatermark(transaction, 'unauthenticatedDeletedBefore', changedBefore)
      await deletePayments(transaction, transactionIds)
      return transactionIds.length
    })
    if (found < perStep) return
  }
}
