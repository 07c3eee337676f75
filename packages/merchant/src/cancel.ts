import {
  type CancelResult,
  cancelRequest,
  cancelResult,
  findResultReason,
  resultCodes,
  type WireText,
  writeMessage,
} from '@sspay/protocol'
import { signCancelRequest } from '@sspay/protocol/signature'
import { type AnswerReading, askGateway, messageOf, readAnswer } from './answer.ts'
import type { Cancelled, CancelOutcome, CancelRejected, CancelUnknown, CancelUnknownCause } from './cancel-outcome.ts'
import { withCancelPassword } from './cancel-password.ts'
import { encryptRequest } from './encrypt-request.ts'
import type { Merchant } from './merchant.ts'
import { cancelMeaningOf } from './result-meaning.ts'

/** A refund (취소) of a payment, in full or in part. */
export interface Cancellation {
  /** 거래번호 of the payment, also for its second partial refund. */
  readonly transactionId: string
  /** Won to refund. */
  readonly amount: number
  /** True for a partial refund. Default: false, the whole payment. */
  readonly isPartial?: boolean
  /**
   * 취소 차수, the idempotency key: 1 for the first refund of the payment, 2 for the second, up to 999. The same number
   * with the same amount gets the first answer again. Store it with the shop's refund before the call.
   */
  readonly sequence: number
  /** 취소 비밀번호: six digits, per merchant. Five wrong ones lock refunds, so a rejected one is not sent again. */
  readonly cancelPassword: string
  /** 취소 사유: up to 100 characters. */
  readonly reason: string
  /** Won. The tax split of a partial refund, if the order had one. */
  readonly taxableAmount?: number
  readonly taxFreeAmount?: number
  readonly vatAmount?: number
}

/**
 * Refunds an approved payment, in full or in part (cancel.do of the public manual; the guide has no refund).
 *
 * Idempotent by `sequence`. Takes at most `connectTimeoutMs + readTimeoutMs`. A cancel password that the payment
 * service has called wrong is not sent again by this process: the outcome is `rejected` (`cancel_password_wrong`) with
 * an empty `raw`. A password that was never accepted is sent by one call at a time.
 *
 * @param cancellation - The refund.
 * @returns The outcome. Connection errors are the outcome `unknown`: repeat the call with the same `sequence`.
 * @throws {@link FieldError} if a value breaks the field table.
 * @example
 * ```ts
 * import { cancel, type Merchant } from '@sspay/merchant'
 *
 * export async function refund(merchant: Merchant, transactionId: string, cancelPassword: string) {
 *   const refund = { transactionId, amount: 1004, sequence: 1, cancelPassword, reason: '고객 요청' }
 *   const outcome = await cancel(merchant, refund)
 *   return outcome.outcome === 'cancelled'
 * }
 * ```
 */
export async function cancel(merchant: Merchant, cancellation: Cancellation): Promise<CancelOutcome> {
  const request = encryptCancellation(merchant, cancellation)
  const outcome = await withCancelPassword(merchant, cancellation.cancelPassword, () =>
    requestCancellation(merchant, cancellation, request),
  )
  return outcome ?? rejected(resultCodes.cancel_password_wrong.code, {})
}

async function requestCancellation(
  merchant: Merchant,
  cancellation: Cancellation,
  request: WireText,
): Promise<CancelOutcome> {
  const { transactionId } = cancellation
  const answer = await askGateway(merchant, merchant.endpoints.cancel, request)
  if (!answer.ok) return unknown(transactionId, answer.failure.cause, { error: answer.failure.error })

  const { raw } = answer
  const reading = readAnswer(cancelResult, raw)
  const { resultCode: code, resultMessage } = reading.message
  if (code === undefined) return unknown(transactionId, 'unreadable_answer', { raw })

  const meaning = cancelMeaningOf(code)
  switch (meaning) {
    case 'cancelled':
      return cancelledOutcome(cancellation, reading, raw)
    case 'rejected':
      return rejected(code, raw, resultMessage)
    default:
      return unknown(transactionId, meaning, { code, raw })
  }
}

function rejected(code: string, raw: WireText, resultMessage?: string): CancelRejected {
  const reason = findResultReason(code)
  return {
    outcome: 'rejected',
    reason: reason ?? 'unrecognized',
    code,
    message: messageOf(reason, resultMessage),
    raw,
  }
}

function encryptCancellation(merchant: Merchant, cancellation: Cancellation): WireText {
  const { transactionId, amount, isPartial = false, sequence, cancelPassword, reason } = cancellation
  const { taxableAmount, taxFreeAmount, vatAmount } = cancellation
  const { merchantId } = merchant
  const scope = isPartial ? '1' : '0'
  const body = writeMessage(cancelRequest, {
    serviceMode: 'CL1',
    transactionId,
    merchantId,
    cancelPassword,
    cancelAmount: amount,
    cancelReason: reason,
    cancelSequence: sequence,
    cancelScope: scope,
    ...(taxableAmount === undefined ? {} : { taxableAmount }),
    ...(taxFreeAmount === undefined ? {} : { taxFreeAmount }),
    ...(vatAmount === undefined ? {} : { vatAmount }),
    signature: signCancelRequest({ transactionId, cancelAmount: String(amount), scope }, merchant.exposeMerchantKey()),
  })
  return encryptRequest(merchant, body)
}

/** The answer is not signed; the fields that it names must at least be readable and match the request. */
function cancelledOutcome(
  { transactionId, amount }: Cancellation,
  { message: read, broken }: AnswerReading<CancelResult>,
  raw: WireText,
): Cancelled | CancelUnknown {
  const { partialTransactionId, cancelNumber, cancelDate, cancelTime } = read
  const isOther =
    broken.includes('transactionId') ||
    broken.includes('cancelAmount') ||
    (read.transactionId !== undefined && read.transactionId !== transactionId) ||
    (read.cancelAmount !== undefined && read.cancelAmount !== amount)
  if (isOther) return unknown(transactionId, 'answer_mismatch', { code: read.resultCode ?? '', raw })
  const cancelledAt = readKoreanTime(cancelDate, cancelTime)
  return {
    outcome: 'cancelled',
    transactionId,
    amount,
    ...(partialTransactionId === undefined ? {} : { partialTransactionId }),
    ...(cancelNumber === undefined ? {} : { cancelNumber }),
    ...(cancelledAt === undefined ? {} : { cancelledAt }),
    raw,
  }
}

function readKoreanTime(date = '', time = ''): Date | undefined {
  const digits = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(date + time)
  if (digits === null) return undefined
  const [, year, month, day, hours, minutes, seconds] = digits
  const read = new Date(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}+09:00`)
  return Number.isNaN(read.getTime()) ? undefined : read
}

function unknown(
  transactionId: string,
  cause: CancelUnknownCause,
  seen: Pick<CancelUnknown, 'code' | 'raw' | 'error'>,
): CancelUnknown {
  const next = cause === 'answer_mismatch' || cause === 'unrecognized_code' ? 'investigate' : 'ask_again'
  return { outcome: 'unknown', cause, next, transactionId, ...seen }
}
