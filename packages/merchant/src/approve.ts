import {
  type ApprovalResult,
  approvalRequest,
  approvalResult,
  findResultReason,
  type WireText,
  writeMessage,
} from '@sspay/protocol'
import { signatureMatches, signResult } from '@sspay/protocol/signature'
import { readAnswer } from './answer.ts'
import { meaningOf, nextAfter } from './approval-meaning.ts'
import type { ApprovalOutcome, ApprovedPayment, ExpectedPayment, Unknown, UnknownCause } from './approval-outcome.ts'
import { askGateway } from './ask-gateway.ts'
import type { Merchant } from './merchant.ts'
import { readMerchantNote } from './merchant-note.ts'
import type { PaymentTicket } from './payment-ticket.ts'
import { wordsOf } from './words.ts'

type Answer = Partial<ApprovalResult>

/**
 * Takes the payment the buyer has authenticated (승인; guide, STEP 3). Money moves here, and only here.
 *
 * `expected` is what the shop's own records say, never what the browser sent. `approved` is said only of an answer with result code
 * 3001 whose signature, amount, order and transaction are right. Trouble of any kind is the outcome `unknown`, not an exception:
 * keep the ticket until the outcome is known. Takes at most `connectTimeoutMs + readTimeoutMs`.
 */
export async function approve(
  merchant: Merchant,
  ticket: PaymentTicket,
  { expected }: { readonly expected: ExpectedPayment },
): Promise<ApprovalOutcome> {
  const { transactionId } = ticket
  const request = writeMessage(approvalRequest, { transactionId, approvalTicket: ticket.exposeApprovalTicket() })
  const answer = await askGateway(merchant, merchant.endpoints.approval, request)
  if (!answer.ok) return unknown(transactionId, answer.trouble.cause, { error: answer.trouble.error })

  const { raw } = answer
  const { message: read, broken } = readAnswer(approvalResult, raw)
  const { resultCode: code } = read
  if (code === undefined) return unknown(transactionId, 'unreadable_answer', { raw })

  const mismatch = findMismatch(merchant, transactionId, read, broken)
  if (mismatch !== undefined) return unknown(transactionId, mismatch, { code, raw })

  const meaning = meaningOf(code)
  switch (meaning) {
    case 'charged':
      return settle(transactionId, expected, read, raw)
    case 'not_charged': {
      const reason = findResultReason(code)
      return {
        outcome: 'declined',
        reason: reason ?? 'unrecognized',
        code,
        message: wordsOf(reason, read.resultMessage),
        raw,
      }
    }
    default:
      return unknown(transactionId, meaning, { code, raw })
  }
}

/** Whether the answer, of whatever outcome, is about another payment than the one asked for. */
function findMismatch(
  merchant: Merchant,
  transactionId: string,
  read: Answer,
  broken: readonly string[],
): UnknownCause | undefined {
  if (broken.includes('signature')) return 'signature_mismatch'
  if (read.transactionId !== undefined && read.transactionId !== transactionId) return 'transaction_mismatch'
  if (read.merchantId !== undefined && read.merchantId !== merchant.merchantId) return 'merchant_mismatch'
  if (read.signature === undefined || read.resultCode === undefined) return undefined
  const expected = signResult({ transactionId, resultCode: read.resultCode }, merchant.exposeMerchantKey())
  return signatureMatches(read.signature, expected) ? undefined : 'signature_mismatch'
}

function settle(transactionId: string, expected: ExpectedPayment, read: Answer, raw: WireText): ApprovalOutcome {
  const code = read.resultCode ?? ''
  if (read.transactionId === undefined) return unknown(transactionId, 'transaction_mismatch', { code, raw })
  if (read.amount !== expected.amount) return unknown(transactionId, 'amount_mismatch', { code, raw })
  if (read.orderId !== expected.orderId) return unknown(transactionId, 'order_mismatch', { code, raw })
  return { outcome: 'approved', payment: describePayment(transactionId, expected, read, raw) }
}

function describePayment(
  transactionId: string,
  expected: ExpectedPayment,
  read: Answer,
  raw: WireText,
): ApprovedPayment {
  const { resultCode: _code, resultMessage: _message, signature: _signature, merchantNoteCopy, ...rest } = read
  const { cardKind, isInterestFree, merchantNote = merchantNoteCopy, ...fields } = rest
  return {
    ...fields,
    transactionId,
    amount: expected.amount,
    orderId: expected.orderId,
    ...(cardKind === undefined ? {} : { cardKind: cardKind === '1' ? 'check' : 'credit' }),
    ...(isInterestFree === undefined ? {} : { isInterestFree: isInterestFree === '1' }),
    ...(merchantNote === undefined ? {} : { merchantNote: readMerchantNote(merchantNote) }),
    raw,
  }
}

function unknown(transactionId: string, cause: UnknownCause, seen: Pick<Unknown, 'code' | 'raw' | 'error'>): Unknown {
  return { outcome: 'unknown', cause, next: nextAfter(cause), transactionId, ...seen }
}
