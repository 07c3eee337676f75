import {
  type ApprovalResult,
  approvalResult,
  findCardCompany,
  findUnwritable,
  type ResultReason,
  resultCodes,
  writeMessage,
} from '@sspay/protocol'
import { signResult } from '@sspay/protocol/signature'
import type { Merchant } from '../merchants/model.ts'
import type { ApprovalOutcome, Payment } from './model.ts'

export interface Answered {
  readonly payment: Payment
  readonly merchant: Merchant
  /** Absent when the member has taken the card away since. */
  readonly maskedCardNumber: string | undefined
}

type Unapproved = Exclude<ApprovalOutcome, { readonly outcome: 'approved' }>

/**
 * The answer about an outcome. An approval is told whole, or not at all: undefined when some part of it cannot be written, and
 * then the payment must not count as approved.
 */
export function writeAnswer(answered: Answered, outcome: ApprovalOutcome): string | undefined {
  if (outcome.outcome !== 'approved') return writeUnapproved(answered, outcome)
  const result = describeResult(answered, outcome)
  const isWritable = findUnwritable(approvalResult, result).length === 0
  return isWritable ? JSON.stringify(writeMessage(approvalResult, result)) : undefined
}

/** The answer about every other outcome, without what cannot be written. */
export const writeUnapproved = (answered: Answered, outcome: Unapproved): string =>
  writeWritable(describeResult(answered, outcome))

function writeWritable(result: ApprovalResult): string {
  const unwritable = findUnwritable(approvalResult, result)
  const left = Object.entries(result).filter(([name]) => !unwritable.includes(name))
  return JSON.stringify(writeMessage(approvalResult, Object.fromEntries(left) as ApprovalResult))
}

/** Our names of the fields that would keep an approval from being written, of those that are known before the card network is asked. */
export const findUnwritableFields = (known: Pick<Answered, 'payment' | 'merchant'>): readonly string[] =>
  findUnwritable(approvalResult, knownFields(known))

/** The answer of an approval: guide, 상세 파라미터, second table, and the fields that real answers carry beside it (Q03). */
function describeResult(answered: Answered, outcome: ApprovalOutcome): ApprovalResult {
  const { payment, merchant, maskedCardNumber } = answered
  const result = resultCodes[reasonOf(outcome)]
  return {
    ...knownFields(answered),
    ...approvalFields(outcome),
    maskedCardNumber,
    resultCode: result.code,
    resultMessage: result.ko,
    signature: signAnswer(payment, merchant, result.code),
  }
}

export const signAnswer = (
  { transactionId }: Pick<Payment, 'transactionId'>,
  { merchantKey }: Merchant,
  resultCode: string,
): string => signResult({ transactionId, resultCode }, merchantKey.expose())

/** Everything but what the card network says. */
function knownFields({ payment, merchant }: Pick<Answered, 'payment' | 'merchant'>) {
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

/**
 * The payment as the shop ordered it, with the code that says it is not approved yet: the public fields and the shop's own note,
 * which may hold its seal of the order.
 */
export function writeNotApprovedYet({ payment, merchant }: Answered): string {
  const { request, transactionId } = payment
  const result = resultCodes.not_approved_yet
  return writeWritable({
    transactionId,
    merchantId: payment.merchantId,
    orderId: payment.orderId,
    amount: payment.amount,
    goodsName: request.goodsName,
    customerId: request.customerId,
    merchantNote: request.merchantNote,
    resultCode: result.code,
    resultMessage: result.ko,
    signature: signAnswer(payment, merchant, result.code),
  })
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
  const { approvalNumber, approvedAt, issuerCode, acquirerCode, cardKind } = outcome
  return {
    approvedAt,
    approvalNumber,
    issuerCode,
    // A code nobody knows is shown as it came.
    issuerName: findCardCompany(issuerCode)?.name ?? issuerCode,
    acquirerCode,
    acquirerName: findCardCompany(acquirerCode)?.name ?? acquirerCode,
    cardKind: cardKind === 'credit' ? ('0' as const) : ('1' as const),
  }
}
