import { paymentsCompleteSince } from '../horizon/store.ts'
import type { Reader } from '../storage/storage.ts'
import { openedAtOf } from './transaction-id.ts'

/**
 * Whether a payment of that transaction id, if there ever was one, may have gone into an archive. Only the date in the id decides, so the
 * answer says nothing about which transaction ids exist.
 */
export async function mayHaveLeft(store: { readonly storage: Reader }, transactionId: string): Promise<boolean> {
  const openedAt = openedAtOf(transactionId)
  return openedAt !== undefined && openedAt < (await paymentsCompleteSince(store))
}
