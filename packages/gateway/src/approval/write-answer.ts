import {
  type ApprovalResult,
  approvalResult,
  findCardCompany,
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

export const writeAnswer = (result: ApprovalResult): string => JSON.stringify(writeMessage(approvalResult, result))

/** The answer of an approval: guide, 상세 파라미터, second table, and the fields that real answers carry beside it (Q03). */
export function describeResult(answered: Answered, outcome: ApprovalOutcome): ApprovalResult {
  const { payment, merchant, maskedCardNumber } = answered
  const { request, transactionId } = payment
  const result = resultCodes[reasonOf(outcome)]
  return {
    paymentMethod: request.paymentMethod,
    merchantId: payment.merchantId,
    amount: payment.amount,
    goodsName: request.goodsName,
    transactionId,
    orderId: payment.orderId,
    buyerName: request.buyerName,
    customerId: request.customerId,
    ...approvalFields(outcome),
    resultCode: result.code,
    resultMessage: result.ko,
    acquirerMerchantNumber: merchant.acquirerMerchantNumber,
    maskedCardNumber,
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
    signature: signResult({ transactionId, resultCode: result.code }, merchant.merchantKey.expose()),
  }
}

/**
 * The payment as the shop ordered it, with the code that says it is not approved yet: the public fields and the shop's own note,
 * which may hold its seal of the order.
 */
export function writeNotApprovedYet({ payment, merchant }: Answered): string {
  const { request, transactionId } = payment
  const result = resultCodes.not_approved_yet
  return JSON.stringify(
    writeMessage(approvalResult, {
      transactionId,
      merchantId: payment.merchantId,
      orderId: payment.orderId,
      amount: payment.amount,
      goodsName: request.goodsName,
      customerId: request.customerId,
      merchantNote: request.merchantNote,
      resultCode: result.code,
      resultMessage: result.ko,
      signature: signResult({ transactionId, resultCode: result.code }, merchant.merchantKey.expose()),
    }),
  )
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
