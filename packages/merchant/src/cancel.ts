import {
  type CancelResult,
  cancelRequest,
  cancelResult,
  findResultReason,
  type ResultReason,
  sealedEnvelope,
  type WireText,
  type Words,
  writeMessage,
} from '@sspay/protocol'
import { sealBody } from '@sspay/protocol/sealed-body'
import { signCancelRequest } from '@sspay/protocol/signature'
import { readAnswer } from './answer.ts'
import { askGateway, type GatewayTrouble } from './ask-gateway.ts'
import { cancelMeaningOf } from './cancel-meaning.ts'
import type { Merchant } from './merchant.ts'
import { wordsOf } from './words.ts'

/** What to give back (취소). */
export interface Cancellation {
  /** 거래번호 of the payment, also for its second part. */
  readonly transactionId: string
  /** Won: all of the payment, or the part. */
  readonly amount: number
  /** True for a part of the payment. Default: all of it. */
  readonly isPartial?: boolean
  /**
   * 취소 차수: 1 for the first cancellation of the payment, 2 for the second, up to 99. It makes the call safe to repeat: the same number again
   * with the same amount gets the first answer again. Keep it with the shop's refund before calling.
   */
  readonly sequence: number
  /** 취소 비밀번호: six digits, set per merchant. Five wrong ones lock cancelling. */
  readonly cancelPassword: string
  /** 취소 사유: up to 100 characters. */
  readonly reason: string
  /** Won. The tax split of the part, where the order had one. */
  readonly taxableAmount?: number
  readonly taxFreeAmount?: number
  readonly vatAmount?: number
}

/** The money goes back to the buyer. */
export interface Cancelled {
  readonly outcome: 'cancelled'
  readonly transactionId: string
  /** Won. */
  readonly amount: number
  /** 부분취소 거래번호: the part's own number. */
  readonly partialTransactionId?: string
  readonly cancelNumber?: string
  readonly cancelledAt?: Date
  readonly raw: WireText
}

/** Nothing was given back by this call. `already_cancelled`: an earlier one has given all of it back. */
export interface CancelRefused {
  readonly outcome: 'refused'
  readonly reason: ResultReason | 'unrecognized'
  /** 결과코드 as it came. */
  readonly code: string
  readonly message: Words
  readonly raw: WireText
}

/** Why nobody can say whether the money went back. `answer_mismatch`: the answer is about another payment. */
export type CancelUnknownCause =
  | GatewayTrouble['cause']
  | 'answer_mismatch'
  | 'unresolved'
  | 'overloaded'
  | 'gateway_error'
  | 'unrecognized_code'

/** The money may have gone back, or not. Do not tell the buyer either. */
export interface CancelUnknown {
  readonly outcome: 'unknown'
  readonly cause: CancelUnknownCause
  /** `ask_again`: the same call with the same `sequence`, later. `investigate`: that will not help. */
  readonly next: 'ask_again' | 'investigate'
  readonly transactionId: string
  readonly code?: string
  readonly raw?: WireText
  /** What the transport ran into. */
  readonly error?: unknown
}

/** How a cancellation ended. */
export type CancelOutcome = Cancelled | CancelRefused | CancelUnknown

/**
 * Gives the money of an approved payment back, all of it or a part (cancel.do of the public manual; the guide has no cancel).
 *
 * Throws {@link FieldError} when a value breaks the table; transport trouble is the outcome `unknown`: repeat the same call with the same
 * `sequence`. Takes at most `connectTimeoutMs + readTimeoutMs`.
 */
export async function cancel(merchant: Merchant, cancellation: Cancellation): Promise<CancelOutcome> {
  const { transactionId } = cancellation
  const answer = await askGateway(merchant, merchant.endpoints.cancel, sealCancellation(merchant, cancellation))
  if (!answer.ok) return unknown(transactionId, answer.trouble.cause, { error: answer.trouble.error })

  const { raw } = answer
  const read = readAnswer(cancelResult, raw).message
  const { resultCode: code } = read
  if (code === undefined) return unknown(transactionId, 'unreadable_answer', { raw })

  const meaning = cancelMeaningOf(code)
  switch (meaning) {
    case 'cancelled':
      return cancelledOutcome(cancellation, read, raw)
    case 'refused': {
      const reason = findResultReason(code)
      const message = wordsOf(reason, read.resultMessage)
      return { outcome: 'refused', reason: reason ?? 'unrecognized', code, message, raw }
    }
    default:
      return unknown(transactionId, meaning, { code, raw })
  }
}

function sealCancellation(merchant: Merchant, cancellation: Cancellation): WireText {
  const { transactionId, amount, isPartial = false, sequence, cancelPassword, reason } = cancellation
  const { taxableAmount, taxFreeAmount, vatAmount } = cancellation
  const { merchantId } = merchant
  const key = merchant.exposeMerchantKey()
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
    signature: signCancelRequest({ transactionId, cancelAmount: String(amount), scope }, key),
  })
  return writeMessage(sealedEnvelope, { sealedBody: sealBody(body, key), merchantId })
}

/** The answer is not signed; what it names must at least be what was asked for. */
function cancelledOutcome(
  { transactionId, amount }: Cancellation,
  read: Partial<CancelResult>,
  raw: WireText,
): Cancelled | CancelUnknown {
  const { partialTransactionId, cancelNumber, cancelDate, cancelTime } = read
  const isOther =
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
