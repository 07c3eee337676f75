import { unauthenticatedBefore } from '../approval/store.ts'
import type { Context } from '../context.ts'
import { raiseUnauthenticatedHorizon } from '../horizon/store.ts'
import { deletePayments } from './store.ts'

/** So few that a request, which on SQLite waits for the end of the transaction, does not notice. */
const perStep = 100
const stepsPerRound = 5

/**
 * Deletes payments whose buyer never authenticated, with their events and windows, once they have been over for `keepUnauthenticatedMs`.
 * They charged nothing and no ticket of them was ever given out, so they need no archive. One that is still `requested` is expired first,
 * by other upkeep. A round ends after a bounded number, and the next goes on.
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
      // A payment is opened before it ends, so all of these were opened before that time.
      await raiseUnauthenticatedHorizon(transaction, changedBefore)
      await deletePayments(transaction, transactionIds)
      return transactionIds.length
    })
    if (found < perStep) return
  }
}
