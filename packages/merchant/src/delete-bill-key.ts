import { billKeyDeletionRequest, type WireText, writeMessage } from '@sspay/protocol'
import { billKeyDeletionChecksum } from '@sspay/protocol/signature'
import { askForDeletion, type DeletionRejected, type DeletionUnknown } from './deletion-answer.ts'
import type { Merchant } from './merchant.ts'

/**
 * Outcome of the deletion of a bill key. The rejection `bill_key_deleted` also follows a deletion whose answer was
 * lost: the key is deleted.
 */
export type BillKeyDeletionOutcome =
  | { readonly outcome: 'deleted'; readonly raw: WireText }
  | DeletionRejected
  | DeletionUnknown

/**
 * Deletes one bill key (public manual, 빌링연동: ssbdel.do), for example when a subscription ends. The member and its
 * other cards stay; {@link deleteMember} deletes them with all keys.
 *
 * @param key - The bill key and the customer for whom it was issued.
 * @returns The outcome. Connection errors are the outcome `unknown`.
 * @throws {@link FieldError} if an argument breaks the field table.
 * @example
 * ```ts
 * import { deleteBillKey, type Merchant } from '@sspay/merchant'
 *
 * export async function endSubscription(merchant: Merchant, billKey: string): Promise<boolean> {
 *   const deletion = await deleteBillKey(merchant, { billKey, customerId: 'user0001' })
 *   if (deletion.outcome === 'rejected') return deletion.reason === 'bill_key_deleted'
 *   return deletion.outcome === 'deleted'
 * }
 * ```
 */
export async function deleteBillKey(
  merchant: Merchant,
  { billKey, customerId }: { readonly billKey: string; readonly customerId: string },
): Promise<BillKeyDeletionOutcome> {
  const { merchantId, easyPayMerchantId } = merchant
  const requestedAt = merchant.now()
  const body = writeMessage(billKeyDeletionRequest, {
    merchantId,
    easyPayMerchantId,
    customerId,
    serviceType: 'CD',
    billKey,
    requestedAt,
    deletionChecksum: billKeyDeletionChecksum({ merchantId, easyPayMerchantId, billKey }),
  })
  const answer = await askForDeletion(merchant, merchant.endpoints.billKeyDeletion, body)
  return answer.outcome === 'deleted' ? { outcome: 'deleted', raw: answer.raw } : answer
}
