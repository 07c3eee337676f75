import {
  type ApprovalResult,
  approvalResult,
  findCardCompany,
  findUnwritable,
  type ResultReason,
  resultCodes,
} from '@sspay/protocol'
import { wireNameOf, writeWritable } from '@sspay/protocol/internal'
import { signResult } from '@sspay/protocol/signature'
import { readWatermark } from '../archive/store.ts'
import { codeAndMessage } from '../http/answer.ts'
import { answerKeyOf } from '../merchants/keys.ts'
import type { Merchant } from '../merchants/model.ts'
import type { Reader } from '../storage/storage.ts'
import type { ShownCard } from '../vault/model.ts'
import type { ApprovalOutcome, Payment } from './model.ts'
import { openedAtOf } from './transaction-id.ts'
import { writeCancelNotification } from './write-notification.ts'

export interface Answered {
  readonly payment: Payment
  readonly merchant: Merchant
  /** Undefined when the member has deleted the card since. */
  readonly card: ShownCard | undefined
}

interface Known extends Pick<Answered, 'merchant'> {
  readonly payment: Omit<Payment, 'head'>
}

type Unapproved = Exclude<ApprovalOutcome, { readonly outcome: 'approved' }>

/**
 * The answer to an approval. Undefined when some part of an approval cannot be written: the payment must not count as
 * approved then.
 */
export function writeAnswer(answered: Answered, outcome: ApprovalOutcome): string | undefined {
  if (outcome.outcome !== 'approved') return writeUnapproved(answered, outcome)
  const { written, problems } = writeWritable(approvalResult, describeResult(answered, outcome))
  return problems.length === 0 ? toJson(written) : undefined
}

/** The answer about every other outcome, without the fields that cannot be written. */
export const writeUnapproved = (answered: Answered, outcome: Unapproved): string =>
  writeRest(describeResult(answered, outcome))

/** Fields that every answer has, if only empty: shops read them as text whatever the result (Q03). */
const neverAbsent = (
  ['merchantNote', 'merchantNoteCopy', 'subMerchantId', 'buyerAuthNumber', 'parentEmail'] as const
).map((name) => wireNameOf(approvalResult, name))

/** Takes a message of its own: the absent fields are added to it. */
function toJson(written: Record<string, string | undefined>): string {
  for (const wireName of neverAbsent) written[wireName] ??= ''
  return JSON.stringify(written)
}

const writeRest = (result: ApprovalResult): string => toJson(writeWritable(approvalResult, result).written)

/** Our names of the fields that cannot be written, of those that are known before the card network is called. */
export const findUnwritableFields = (known: Known): readonly string[] =>
  findUnwritable(approvalResult, knownFields(known))

/** The answer of an approval: guide, 상세 파라미터, second table, and the fields that real answers carry beside it (Q03). */
function describeResult(answered: Answered, outcome: ApprovalOutcome): ApprovalResult {
  const { payment, merchant, card } = answered
  const result = resultCodes[reasonOf(outcome)]
  return {
    ...knownFields(answered),
    ...unusedFields,
    ...(card && cardFields(card)),
    ...approvalFields(outcome),
    resultCode: result.code,
    resultMessage: result.ko,
    signature: signAnswer(payment, merchant, result.code),
  }
}

const signAnswer = (
  { transactionId, request, requestedAt }: Pick<Payment, 'transactionId' | 'request' | 'requestedAt'>,
  merchant: Merchant,
  resultCode: string,
): string => signResult({ transactionId, resultCode }, answerKeyOf(merchant, request, requestedAt))

/** The fields that do not come from the card network. */
function knownFields({ payment, merchant }: Known) {
  const { request, transactionId } = payment
  return {
    paymentMethod: request.paymentMethod,
    merchantId: payment.merchantId,
    amount: payment.amount,
    goodsName: request.goodsName,
    transactionId,
    orderId: payment.orderId,
    buyerName: request.buyerName,
    customerId: request.customerId,
    acquirerMerchantNumber: merchant.acquirerMerchantNumber,
    merchantNote: request.merchantNote,
    merchantNoteCopy: request.merchantNote,
    installmentMonths: payment.installmentMonths,
    isInterestFree: payment.isInterestFree ? '1' : '0',
    goodsCount: request.goodsCount,
    requestedAt: request.requestedAt,
    buyerPhone: request.buyerPhone,
    buyerEmail: request.buyerEmail,
    companyName: merchant.name,
    currency: 'KRW',
  } as const
}

/** Fields of services that this gateway does not offer; real answers contain them empty or zero (Q03). */
const unusedFields = {
  usedPoints: '0'.repeat(9),
  remainingPoints: '0'.repeat(9),
  escrow: '0',
  greenDeposit: '0'.repeat(12),
  interestBearer: 'N',
  cardOwnerKind: '0',
} as const

/** Public fields and the shop's own note, which may hold its signature of the order. */
type Order = Pick<Payment, 'request' | 'transactionId' | 'merchantId' | 'orderId' | 'amount'>

function orderFields({ request, transactionId, merchantId, orderId, amount }: Order) {
  const { goodsName, customerId, merchantNote } = request
  return {
    transactionId,
    merchantId,
    orderId,
    amount,
    goodsName,
    customerId,
    merchantNote,
    merchantNoteCopy: merchantNote,
  }
}

/** The answer about a payment that is not approved yet. */
export function writeNotApprovedYet({ payment, merchant }: Answered): string {
  const { code, ko } = resultCodes.not_approved_yet
  const signature = signAnswer(payment, merchant, code)
  return writeRest({ ...orderFields(payment), resultCode: code, resultMessage: ko, signature })
}

/** With the order of a payment whose ticket was right, else with the transaction id that was sent (Q03). */
export function writeRejection(
  known: Order | Pick<Payment, 'transactionId'>,
  reason: ResultReason,
  detail?: string,
): string {
  const { transactionId } = known
  const order = 'request' in known ? orderFields(known) : { transactionId }
  return writeRest({ ...order, ...codeAndMessage(reason, detail) })
}

function reasonOf(outcome: ApprovalOutcome): ResultReason {
  switch (outcome.outcome) {
    case 'approved':
      return 'approved'
    case 'declined':
      return outcome.reason
    case 'silent':
      return 'outcome_unresolved'
    case 'reversed':
      return 'payment_reversed'
  }
}

function approvalFields(outcome: ApprovalOutcome) {
  if (outcome.outcome !== 'approved') return {}
  const { approvalNumber, approvedAt, acquirerCode } = outcome
  return {
    approvedAt,
    approvalNumber,
    ...issuerFields(outcome),
    acquirerCode,
    acquirerName: companyName(acquirerCode),
  }
}

const cardFields = (card: ShownCard) => ({ maskedCardNumber: card.maskedCardNumber, ...issuerFields(card) })

const issuerFields = ({ issuerCode, cardKind }: Pick<ShownCard, 'issuerCode' | 'cardKind'>) => ({
  issuerCode,
  issuerName: companyName(issuerCode),
  cardKind: cardKind === 'credit' ? ('0' as const) : ('1' as const),
})

/** An unknown code is shown as it came. */
const companyName = (companyCode: string): string => findCardCompany(companyCode)?.name ?? companyCode

/**
 * The stored answer of the approval with the payment's current state, for inquiries and for replays (Q38, Q40). After a
 * refund it has the refunded amount too; after a full refund its code is not that of an approval, for shops that read
 * the code alone. Undefined when there is no answer yet.
 */
export function currentAnswer(payment: Payment, merchant: Merchant | undefined): string | undefined {
  const { answer, amount, cancelledAmount, cancelledAt } = payment
  if (answer === undefined || cancelledAt === undefined) return answer
  const isCancelled = cancelledAmount >= amount
  const { code, ko } = resultCodes.already_cancelled
  const signature = merchant && signAnswer(payment, merchant, code)
  const ended = isCancelled ? { resultCode: code, resultMessage: ko, signature } : {}
  const written = writeCancelNotification(answer, { cancelledAmount, cancelledAt }, ended)
  if (written !== undefined) return toJson(written)
  // The stored answer is damaged: an approval must not be repeated without its refund.
  return writeRejection(payment, isCancelled ? 'already_cancelled' : 'internal')
}

/**
 * Why a payment is not found: `usual`, or that it may have been archived. Only the date in the transaction id decides,
 * so the answer does not reveal which payments exist.
 */
export async function reasonNotFound<Usual extends ResultReason>(
  store: { readonly storage: Reader },
  transactionId: string,
  usual: Usual,
): Promise<Usual | 'transaction_archived'> {
  const openedAt = openedAtOf(transactionId)
  const mayBeArchived = openedAt !== undefined && openedAt < (await readWatermark(store)).archivedBefore
  return mayBeArchived ? 'transaction_archived' : usual
}
