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
import { readAnswer } from './answer.ts'
import { askGateway, type GatewayFailure } from './ask-gateway.ts'
import { wordsOf } from './localized-text.ts'
import type { Merchant } from './merchant.ts'
import { writeMerchantNote } from './merchant-note.ts'

/** How the deletion of a member ended. */
export type DeletionOutcome =
  /** `hadCard`: PD00, the member and the registered cards; otherwise PS40, a member without a card. */
  | { readonly outcome: 'deleted'; readonly hadCard: boolean; readonly raw: WireText }
  /** Nothing was deleted; `member_unknown` also follows a deletion whose answer was lost. */
  | {
      readonly outcome: 'rejected'
      readonly reason: ResultReason | 'unrecognized'
      readonly code: string
      readonly message: LocalizedText
      readonly raw: WireText
    }
  /** Nobody can say whether the member was deleted; asking again does no harm. */
  | {
      readonly outcome: 'unknown'
      readonly cause: GatewayFailure['cause'] | 'overloaded' | 'gateway_error'
      readonly code?: string
      readonly error?: unknown
    }

/**
 * Deletes a member and the registered cards (guide, SS-PAY 회원 삭제). Simple pay and billing go together: the service deletes both.
 *
 * `customerId`: up to 20 letters and digits. `merchantNote`: plain text, up to 75 UTF-8 bytes; default: random. The service refuses a
 * request it has seen before, so a note of the shop's own must differ each time, or a customer who joins again cannot be deleted again.
 * Throws {@link FieldError} when one of them breaks the table; transport trouble is an outcome.
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
        message: wordsOf(reason, resultMessage),
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
