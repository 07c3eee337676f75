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
import { type AnswerReading, askGateway, messageOf, readAnswer } from './answer.ts'
import type {
  ApprovalOutcome,
  Approved,
  ApprovedPayment,
  Declined,
  ExpectedPayment,
  OrderMismatch,
  Unknown,
  UnknownCause,
} from './approval-outcome.ts'
import type { ApprovalTicket } from './approval-ticket.ts'
import type { Merchant } from './merchant.ts'
import { findChargedMismatch } from './order-mismatch.ts'
import { readNoteOfShop } from './order-signature.ts'
import { nextAfter } from './result-meaning.ts'

/** The payment was approved and has been refunded in full since. */
export interface AlreadyCancelled {
  readonly outcome: 'cancelled'
  readonly transactionId: string
  readonly raw: WireText
}

/** An answer about this payment, with a result code. */
export interface ApprovalAnswer extends AnswerReading<Notification> {
  readonly transactionId: string
  readonly code: string
  readonly raw: WireText
}

type AnswerOrUnknown =
  | { readonly ok: true; readonly answer: ApprovalAnswer }
  | { readonly ok: false; readonly unknown: Unknown }

/** Approval and inquiry take the same two fields; an inquiry may add the current state, as a notification does. */
export async function askWithTicket(merchant: Merchant, ticket: ApprovalTicket, url: string): Promise<AnswerOrUnknown> {
  const { transactionId } = ticket
  const request = writeMessage(approvalRequest, { transactionId, approvalTicket: ticket.exposeSecret() })
  return askForPayment(merchant, url, request, transactionId)
}

/**
 * Sends a request whose answer is that of an approval.
 *
 * @param transactionId - The expected transaction. Undefined if only the answer tells it: then `journalId` stands for
 *   it while there is none.
 */
export async function askForPayment(
  merchant: Merchant,
  url: string,
  request: WireText,
  transactionId: string | undefined,
  journalId = transactionId ?? '',
): Promise<AnswerOrUnknown> {
  const answer = await askGateway(merchant, url, request)
  if (!answer.ok)
    return { ok: false, unknown: unknownOutcome(journalId, answer.failure.cause, { error: answer.failure.error }) }

  const { raw } = answer
  const reading = readAnswer(notification, raw)
  const { resultCode: code, transactionId: named = journalId } = reading.message
  const of = transactionId ?? named
  if (code === undefined) return { ok: false, unknown: unknownOutcome(of, 'unreadable_answer', { raw }) }

  const mismatch = findMismatch(merchant, of, reading)
  if (mismatch !== undefined) return { ok: false, unknown: unknownOutcome(of, mismatch, { code, raw }) }
  return { ok: true, answer: { transactionId: of, code, ...reading, raw } }
}

/** Whether the answer is about another payment than the requested one. */
function findMismatch(
  merchant: Merchant,
  transactionId: string,
  { message, broken }: AnswerReading<Notification>,
): UnknownCause | undefined {
  if (broken.includes('signature')) return 'signature_mismatch'
  if (broken.includes('transactionId')) return 'transaction_mismatch'
  if (broken.includes('merchantId')) return 'merchant_mismatch'
  if (message.transactionId !== undefined && message.transactionId !== transactionId) return 'transaction_mismatch'
  if (message.merchantId !== undefined && message.merchantId !== merchant.merchantId) return 'merchant_mismatch'
  if (message.signature === undefined || message.resultCode === undefined) return undefined
  const expected = signResult({ transactionId, resultCode: message.resultCode }, merchant.exposeMerchantKey())
  return signatureMatches(message.signature, expected) ? undefined : 'signature_mismatch'
}

/**
 * Approved only if the answer names the expected transaction, amount and order, as the shop signed them, and no full
 * refund.
 */
export function chargedOutcome(
  merchant: Merchant,
  answer: ApprovalAnswer,
  expected: ExpectedPayment,
  findMismatchOfOrder = findChargedMismatch,
): Approved | Unknown | AlreadyCancelled {
  const { transactionId, message, raw } = answer
  const state = stateOfCharge(answer)
  if (state === 'cancelled') return { outcome: 'cancelled', transactionId, raw }
  if (state === 'unrecognized') return unknownAfter(answer, 'unrecognized_state')
  if (message.transactionId === undefined) return unknownAfter(answer, 'transaction_mismatch')
  const mismatch = findMismatchOfOrder(merchant, answer, expected)
  return mismatch === undefined
    ? { outcome: 'approved', payment: describePayment(transactionId, expected, answer) }
    : { ...unknownAfter(answer, mismatch.cause), ...mismatch }
}

/**
 * State of a payment whose result code says approved. Without a state the answer is the first one of its approval;
 * `unrecognized` also if state and cancelled amount contradict each other.
 */
function stateOfCharge({ message, broken }: AnswerReading<Notification>): 'approved' | 'cancelled' | 'unrecognized' {
  if (broken.includes('paymentState') || broken.includes('cancelledAmount')) return 'unrecognized'
  const { paymentState = '0', cancelledAmount = 0, amount } = message
  if (paymentState === '0') return cancelledAmount === 0 ? 'approved' : 'unrecognized'
  if (cancelledAmount === 0 || amount === undefined) return 'unrecognized'
  return cancelledAmount >= amount ? 'cancelled' : 'approved'
}

/** The result code says not charged, but the state says approved or is unknown. */
const contradictsEnd = ({ message, broken }: AnswerReading<Notification>): boolean =>
  broken.includes('paymentState') || message.paymentState === '0'

/** The result code says not approved yet, but there is a state, which only an approved payment has. */
export const contradictsWaiting = ({ message, broken }: AnswerReading<Notification>): boolean =>
  broken.includes('paymentState') || message.paymentState !== undefined

function describePayment(
  transactionId: string,
  expected: ExpectedPayment,
  { message, raw }: ApprovalAnswer,
): ApprovedPayment {
  const { resultCode: _code, resultMessage: _message, signature: _signature, ...rest } = message
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

/** Refunded in full since, unless the state in the answer contradicts its result code. */
export const cancelledOutcome = (answer: ApprovalAnswer): AlreadyCancelled | Unknown =>
  contradictsEnd(answer)
    ? unknownAfter(answer, 'unrecognized_state')
    : { outcome: 'cancelled', transactionId: answer.transactionId, raw: answer.raw }

/** Not charged, unless the state in the answer contradicts its result code. */
export function declinedOutcome(answer: ApprovalAnswer): Declined | Unknown {
  const { code, message, raw } = answer
  if (contradictsEnd(answer)) return unknownAfter(answer, 'unrecognized_state')
  const reason = findResultReason(code)
  return {
    outcome: 'declined',
    reason: reason ?? 'unrecognized',
    code,
    message: messageOf(reason, message.resultMessage),
    raw,
  }
}

/** Declined by the shop before it requested the approval: nothing is charged, `raw` is the answer of the inquiry. */
export function rejectedByShop(
  reason: 'order_tampered' | 'already_cancelled',
  raw: WireText,
  { tampering }: Pick<OrderMismatch, 'tampering'> = {},
): Declined {
  const { code } = resultCodes[reason]
  const found = tampering === undefined ? {} : { tampering }
  return { outcome: 'declined', reason, code, ...found, message: messageOf(reason), raw }
}

/** An order whose payment is refunded in full is unpaid, as after a decline. */
export const declinedIfCancelled = (outcome: ApprovalOutcome | AlreadyCancelled): ApprovalOutcome =>
  outcome.outcome === 'cancelled' ? rejectedByShop('already_cancelled', outcome.raw) : outcome

export const unknownAfter = ({ transactionId, code, raw }: ApprovalAnswer, cause: UnknownCause): Unknown =>
  unknownOutcome(transactionId, cause, { code, raw })

export const unknownOutcome = (
  transactionId: string,
  cause: UnknownCause,
  seen: Pick<Unknown, 'code' | 'raw' | 'error'> = {},
): Unknown => ({ outcome: 'unknown', cause, next: nextAfter(cause), transactionId, ...seen })
