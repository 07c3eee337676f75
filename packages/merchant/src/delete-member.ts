import {
  findResultReason,
  type LocalizedText,
  memberDeletionRequest,
  memberDeletionResult,
  type ResultReason,
  sealedEnvelope,
  type WireText,
  writeMessage,
} from '@sspay/protocol'
import { encryptBody } from '@sspay/protocol/sealed-body'
import { deletionChecksum } from '@sspay/protocol/signature'
import { askGateway, type GatewayFailure, messageOf, readAnswer } from './answer.ts'
import type { Merchant } from './merchant.ts'
import { writeMerchantNote } from './order-signature.ts'

/** Outcome of the deletion of a member. */
export type DeletionOutcome =
  /** `hadCard`: PD00, member and registered cards deleted; otherwise PS40, a member without a card. */
  | { readonly outcome: 'deleted'; readonly hadCard: boolean; readonly raw: WireText }
  /** Nothing was deleted by this call; `member_unknown` also follows a deletion whose answer was lost. */
  | {
      readonly outcome: 'rejected'
      readonly reason: ResultReason | 'unrecognized'
      readonly code: string
      readonly message: LocalizedText
      readonly raw: WireText
    }
  /** It is not known whether the member was deleted; the call is idempotent, so repeat it. */
  | {
      readonly outcome: 'unknown'
      readonly cause: GatewayFailure['cause'] | 'overloaded' | 'gateway_error'
      readonly code?: string
      readonly error?: unknown
    }

/**
 * Deletes a member and the registered cards (guide, SS-PAY 회원 삭제), for simple pay and billing together.
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
  const answer = await askGateway(
    merchant,
    merchant.endpoints.memberDeletion,
    encryptDeletion(merchant, customerId, merchantNote),
  )
  if (!answer.ok) return { outcome: 'unknown', ...answer.failure }

  const { raw } = answer
  const { resultCode: code, resultMessage } = readAnswer(memberDeletionResult, raw).message
  if (code === undefined) return { outcome: 'unknown', cause: 'unreadable_answer' }

  const reason = findResultReason(code)
  switch (reason) {
    case 'member_deleted':
      return { outcome: 'deleted', hadCard: true, raw }
    case 'member_without_card_deleted':
      return { outcome: 'deleted', hadCard: false, raw }
    case 'overloaded':
      return { outcome: 'unknown', cause: 'overloaded', code }
    case 'internal':
      return { outcome: 'unknown', cause: 'gateway_error', code }
    default:
      // The guide: 성공 PD00, PS40; 실패 그 외.
      return {
        outcome: 'rejected',
        reason: reason ?? 'unrecognized',
        code,
        message: messageOf(reason, resultMessage),
        raw,
      }
  }
}

function encryptDeletion(merchant: Merchant, customerId: string, merchantNote: string): WireText {
  const { merchantId, easyPayMerchantId } = merchant
  const body = writeMessage(memberDeletionRequest, {
    merchantId,
    easyPayMerchantId,
    customerId,
    serviceType: 'MD',
    deletionChecksum: deletionChecksum({ merchantId, easyPayMerchantId, customerId }),
    merchantNote: writeMerchantNote(merchantNote),
  })
  return writeMessage(sealedEnvelope, { sealedBody: encryptBody(body, merchant.exposeMerchantKey()), merchantId })
}
