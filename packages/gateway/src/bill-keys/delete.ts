import type { Context } from '../context.ts'
import { endBillKey, findBillKey, lockBillKey } from '../vault/bill-keys/store.ts'

export type DeleteBillKeyResult = 'deleted' | 'bill_key_unknown' | 'bill_key_ended'

/** Ends a key of the merchant. Idempotent: a repeat is a success as well. */
export async function deleteBillKey(
  { storage, runtime }: Pick<Context, 'storage' | 'runtime'>,
  { billKey, merchantId }: { readonly billKey: string; readonly merchantId: string },
): Promise<DeleteBillKeyResult> {
  const key = await findBillKey({ storage }, billKey)
  if (key === undefined || key.merchantId !== merchantId) return 'bill_key_unknown'
  const { billKeyId } = key
  return storage.transact(async (transaction) => {
    const state = await lockBillKey(transaction, billKeyId)
    if (state === 'deleted') return 'deleted'
    const isEnded = await endBillKey(transaction, billKeyId, { state: 'deleted', at: runtime.now() })
    return isEnded ? 'deleted' : 'bill_key_ended'
  })
}
