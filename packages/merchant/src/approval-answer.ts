import {
  approvalRequest,
  findResultReason,
  type Notification,
  notification,
  resultCodes,
  type WireText,
  writeMessage,
} from '@sspay/protocol'
import { signatureMatches, signResult } from '@sspay/protocol/signature'
import { readAnswer } from './answer.ts'
import type { AnswerFields } from './answer-fields.ts'
import { nextAfter } from './approval-meaning.ts'
import type {
  Approved,
  ApprovedPayment,
  Declined,
  ExpectedPayment,
  OrderMismatch,
  Unknown,
  UnknownCause,
} from './approval-outcome.ts'
import { askGateway } from './ask-gateway.ts'
import { wordsOf } from './localized-text.ts'
import type { Merchant } from './merchant.ts'
import { findChargedMismatch } from './order-mismatch.ts'
import { readNoteOfShop } from './order-signature.ts'
import { type CancelledSince, contradictsEnd, standingOfCharge } from './payment-state.ts'
import type { PaymentTicket } from './payment-ticket.ts'

/** An answer about this payment, with a result code. */
export interface ApprovalAnswer extends AnswerFields {
  readonly transactionId: string
  readonly code: string
  readonly raw: WireText
}

export type AnswerOrUnknown =
  | { readonly ok: true; readonly answer: ApprovalAnswer }
  | { readonly ok: false; readonly unknown: Unknown }

/** Approval and inquiry take the same two fields; an inquiry may add where the payment stands now, as a notice does. */
export async function askWithTicket(merchant: Merchant, ticket: PaymentTicket, url: string): Promise<AnswerOrUnknown> {
  const { transactionId } = ticket
  const request = writeMessage(approvalRequest, { transactionId, approvalTicket: ticket.exposeApprovalTicket() })
  const answer = await askGateway(merchant, url, request)
  if (!answer.ok)
    return { ok: false, unknown: unknownOutcome(transactionId, answer.failure.cause, { error: answer.failure.error }) }

  const { raw } = answer
  const { message: read, broken } = readAnswer(notification, raw)
  const { resultCode: code } = read
  if (code === undefined) return { ok: false, unknown: unknownOutcome(transactionId, 'unreadable_answer', { raw }) }

  const mismatch = findMismatch(merchant, transactionId, read, broken)
  if (mismatch !== undefined) return { ok: false, unknown: unknownOutcome(transactionId, mismatch, { code, raw }) }
  return { ok: true, answer: { transactionId, code, read, broken, raw } }
}

/** Whether the answer, of whatever outcome, is about another payment than the one asked for. */
function findMismatch(
  merchant: Merchant,
  transactionId: string,
  read: Partial<Notification>,
  broken: readonly string[],
): UnknownCause | undefined {
  if (broken.includes('signature')) return 'signature_mismatch'
  if (broken.includes('transactionId')) return 'transaction_mismatch'
  if (broken.includes('merchantId')) return 'merchant_mismatch'
  if (read.transactionId !== undefined && read.transactionId !== transactionId) return 'transaction_mismatch'
  if (read.merchantId !== undefined && read.merchantId !== merchant.merchantId) return 'merchant_mismatch'
  if (read.signature === undefined || read.resultCode === undefined) return undefined
  const expected = signResult({ transactionId, resultCode: read.resultCode }, merchant.exposeMerchantKey())
  return signatureMatches(read.signature, expected) ? undefined : 'signature_mismatch'
}

/**
 * Approved only when the answer names the transaction, the amount and the order that the shop expects, as the shop sealed them, and does not
 * say that the money has gone back since.
 */
export function chargedOutcome(
  merchant: Merchant,
  answer: ApprovalAnswer,
  expected: ExpectedPayment,
): Approved | Unknown | CancelledSince {
  const { transactionId, read, raw } = answer
  const standing = standingOfCharge(answer)
  if (standing === 'cancelled') return { outcome: 'cancelled', transactionId, raw }
  if (standing === 'unrecognized') return unknownAfter(answer, 'unrecognized_state')
  if (read.transactionId === undefined) return unknownAfter(answer, 'transaction_mismatch')
  const mismatch = findChargedMismatch(merchant, answer, expected)
  return mismatch === undefined
    ? { outcome: 'approved', payment: describePayment(transactionId, expected, answer) }
    : { ...unknownAfter(answer, mismatch.cause), ...mismatch }
}

function describePayment(
  transactionId: string,
  expected: ExpectedPayment,
  { read, raw }: ApprovalAnswer,
): ApprovedPayment {
  const { resultCode: _code, resultMessage: _message, signature: _signature, ...rest } = read
  const { merchantNoteCopy, paymentState: _state, partialTransactionId: _part, ...known } = rest
  const { cardKind, isInterestFree, merchantNote = merchantNoteCopy, cancelledAmount, ...fields } = known
  return {
    ...fields,
    transactionId,
    amount: expected.amount,
    orderId: expected.orderId,
    ...(cardKind === undefined ? {} : { cardKind: cardKind === '1' ? 'check' : 'credit' }),
    ...(cancelledAmount === undefined ? {} : { cancelledAmount }),
    ...(isInterestFree === undefined ? {} : { isInterestFree: isInterestFree === '1' }),
    ...(merchantNote === undefined ? {} : { merchantNote: readNoteOfShop(merchantNote) }),
    raw,
  }
}

/** Not charged, unless the answer says beside its code that the payment stands approved, or something that nobody knows. */
export function declinedOutcome(answer: ApprovalAnswer): Declined | Unknown {
  const { code, read, raw } = answer
  if (contradictsEnd(answer)) return unknownAfter(answer, 'unrecognized_state')
  const reason = findResultReason(code)
  return {
    outcome: 'declined',
    reason: reason ?? 'unrecognized',
    code,
    message: wordsOf(reason, read.resultMessage),
    raw,
  }
}

/** What the shop found before it asked: nothing has been charged, and `raw` is what the inquiry said. */
export function rejectedByShop(
  reason: 'order_tampered' | 'already_cancelled',
  raw: WireText,
  { tampering }: Pick<OrderMismatch, 'tampering'> = {},
): Declined {
  const { code } = resultCodes[reason]
  const found = tampering === undefined ? {} : { tampering }
  return { outcome: 'declined', reason, code, ...found, message: wordsOf(reason), raw }
}

export const unknownAfter = ({ transactionId, code, raw }: ApprovalAnswer, cause: UnknownCause): Unknown =>
  unknownOutcome(transactionId, cause, { code, raw })

export const unknownOutcome = (
  transactionId: string,
  cause: UnknownCause,
  seen: Pick<Unknown, 'code' | 'raw' | 'error'> = {},
): Unknown => ({ outcome: 'unknown', cause, next: nextAfter(cause), transactionId, ...seen })
