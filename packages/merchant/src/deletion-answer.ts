import {
  findResultReason,
  type LocalizedText,
  memberDeletionResult,
  type ResultReason,
  type WireText,
} from '@sspay/protocol'
import { askGateway, type GatewayFailure, messageOf, readAnswer } from './answer.ts'
import { encryptRequest } from './encrypt-request.ts'
import type { Merchant } from './merchant.ts'

/** Nothing was deleted by this call. */
export interface DeletionRejected {
  readonly outcome: 'rejected'
  readonly reason: ResultReason | 'unrecognized'
  readonly code: string
  readonly message: LocalizedText
  readonly raw: WireText
}

/** It is not known whether anything was deleted; the call is idempotent, so repeat it. */
export interface DeletionUnknown {
  readonly outcome: 'unknown'
  readonly cause: GatewayFailure['cause'] | 'overloaded' | 'gateway_error'
  readonly code?: string
  readonly error?: unknown
}

/** A result code that says that it is deleted. */
interface Deleted {
  readonly outcome: 'deleted'
  readonly reason: ResultReason
  readonly raw: WireText
}

/** Asks for the deletion of a member or of a bill key: both answer alike. */
export async function askForDeletion(
  merchant: Merchant,
  url: string,
  body: WireText,
): Promise<Deleted | DeletionRejected | DeletionUnknown> {
  const answer = await askGateway(merchant, url, encryptRequest(merchant, body))
  if (!answer.ok) return { outcome: 'unknown', ...answer.failure }

  const { raw } = answer
  const { resultCode: code, resultMessage } = readAnswer(memberDeletionResult, raw).message
  if (code === undefined) return { outcome: 'unknown', cause: 'unreadable_answer' }

  const reason = findResultReason(code)
  switch (reason) {
    case 'member_deleted':
    case 'member_without_card_deleted':
      return { outcome: 'deleted', reason, raw }
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
