import type { ResultReason } from '@sspay/protocol'
import { paymentsCompleteSince } from '../horizon/store.ts'
import type { Reader } from '../storage/storage.ts'
import { openedAtOf } from './transaction-id.ts'

/**
 * Why nothing is found under that transaction id: `usual`, or that a payment of it, if there ever was one, may have gone into an archive. Only
 * the date in the id decides, so the answer says nothing about which transaction ids exist.
 */
export async function reasonNotFound<Usual extends ResultReason>(
  store: { readonly storage: Reader },
  transactionId: string,
  usual: Usual,
): Promise<Usual | 'transaction_archived'> {
  const openedAt = openedAtOf(transactionId)
  const mayHaveLeft = openedAt !== undefined && openedAt < (await paymentsCompleteSince(store))
  return mayHaveLeft ? 'transaction_archived' : usual
}
