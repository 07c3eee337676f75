import { memberDeletionRequest, type WireText, writeMessage } from '@sspay/protocol'
import { deletionChecksum } from '@sspay/protocol/signature'
import { askForDeletion, type DeletionRejected, type DeletionUnknown } from './deletion-answer.ts'
import type { Merchant } from './merchant.ts'
import { writeMerchantNote } from './order-signature.ts'

/** Outcome of the deletion of a member. `member_unknown` also follows a deletion whose answer was lost. */
export type DeletionOutcome =
  /** `hadCard`: PD00, member and registered cards deleted; otherwise PS40, a member without a card. */
  | { readonly outcome: 'deleted'; readonly hadCard: boolean; readonly raw: WireText }
  | DeletionRejected
  | DeletionUnknown

/**
 * Deletes a member and the registered cards (guide, SS-PAY 회원 삭제), for simple pay and billing together: the member's
 * bill keys end too.
 *
 * @param customerId - 회원사 고객 ID: up to 20 letters and digits.
 * @param options - `merchantNote`: plain text, up to 75 UTF-8 bytes, different for each call, because the payment
 *   service rejects a repeated request. Default: random.
 * @returns The outcome. Connection errors are the outcome `unknown`.
 * @throws {@link FieldError} if an argument breaks the field table.
 */
export async function deleteMember(
  merchant: Merchant,
  customerId: string,
  { merchantNote = crypto.randomUUID() }: { readonly merchantNote?: string } = {},
): Promise<DeletionOutcome> {
  const { merchantId, easyPayMerchantId } = merchant
  const body = writeMessage(memberDeletionRequest, {
    merchantId,
    easyPayMerchantId,
    customerId,
    serviceType: 'MD',
    deletionChecksum: deletionChecksum({ merchantId, easyPayMerchantId, customerId }),
    merchantNote: writeMerchantNote(merchantNote),
  })
  const answer = await askForDeletion(merchant, merchant.endpoints.memberDeletion, body)
  if (answer.outcome !== 'deleted') return answer
  return { outcome: 'deleted', hadCard: answer.reason === 'member_deleted', raw: answer.raw }
}
