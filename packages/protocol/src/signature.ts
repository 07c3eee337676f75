import { createHash, timingSafeEqual } from 'node:crypto'
import { billKeyText } from './bill-key-text.ts'

/** H64: Base64 of the 32 raw bytes of SHA-256 over UTF-8 text. Never hexadecimal. */
const digest = (text: string): string => createHash('sha256').update(text, 'utf8').digest('base64')

/** The fields that the signature of a payment request covers, in wire format. */
export interface SignedPaymentFields {
  /** EdiDate as it travels: yyyyMMddHHmmss. */
  readonly requestedAt: string
  readonly merchantId: string
  /** Amt as it travels: digits. */
  readonly amount: string
}

/** EncryptData of the payment request (guide, STEP 1). */
export const signPaymentRequest = (signed: SignedPaymentFields, merchantKey: string): string =>
  digest(signed.requestedAt + signed.merchantId + signed.amount + merchantKey)

/** EncryptData as some old shops still make it: Base64 of the 32 characters of the lower-case MD5 text (Q23). */
export const signPaymentRequestLegacy = (signed: SignedPaymentFields, merchantKey: string): string => {
  const input = signed.requestedAt + signed.merchantId + signed.amount + merchantKey
  const md5Text = createHash('md5').update(input, 'utf8').digest('hex')
  return Buffer.from(md5Text, 'ascii').toString('base64')
}

/**
 * VerifyValue of the member deletion: no key goes in, so it is a checksum that does not authenticate the sender (Q17).
 */
export const deletionChecksum = (member: {
  readonly merchantId: string
  readonly easyPayMerchantId: string
  readonly customerId: string
}): string => digest(member.merchantId + member.easyPayMerchantId + member.customerId)

/** VerifyValue of the request for a bill key (Q68, Q70). `requestedAt`: EdiDate as it travels. */
export const billKeyRequestChecksum = (request: {
  readonly requestedAt: string
  readonly merchantId: string
  readonly orderId: string
}): string => digest(request.requestedAt + request.merchantId + request.orderId + billKeyText)

/** VerifyValue of the result of issuing a bill key, over the decrypted key (Q69). */
export const billKeyResultChecksum = (result: {
  readonly merchantId: string
  readonly billKey: string
  readonly maskedCardNumber: string
  readonly resultCode: string
}): string => digest(result.merchantId + result.billKey + result.maskedCardNumber + result.resultCode + billKeyText)

/** VerifyValue of a payment with a bill key (Q71). `amount`: Amt as it travels. */
export const billKeyChargeChecksum = (request: {
  readonly billKey: string
  readonly merchantId: string
  readonly amount: string
}): string => digest(request.billKey + request.merchantId + request.amount)

/** VerifyValue of a bill key's deletion (Q72). */
export const billKeyDeletionChecksum = (request: {
  readonly merchantId: string
  readonly easyPayMerchantId: string
  readonly billKey: string
}): string => digest(request.merchantId + request.easyPayMerchantId + request.billKey)

/** HashData of cancel.do. `scope`: 0 full, 1 partial. */
export const signCancelRequest = (
  signed: { readonly transactionId: string; readonly cancelAmount: string; readonly scope: '0' | '1' },
  merchantKey: string,
): string => digest(signed.transactionId + merchantKey + signed.cancelAmount + signed.scope)

/** SignValue of approval answers and notifications. */
export const signResult = (
  signed: { readonly transactionId: string; readonly resultCode: string },
  merchantKey: string,
): string => {
  const { transactionId, resultCode } = signed
  return digest(
    transactionId.slice(0, 10) + resultCode + transactionId.slice(10, 15) + merchantKey + transactionId.slice(15),
  )
}

/** Constant-time comparison of two digests. */
export function signatureMatches(given: string, expected: string): boolean {
  const [givenBytes, expectedBytes] = [Buffer.from(given), Buffer.from(expected)]
  return givenBytes.length === expectedBytes.length && timingSafeEqual(givenBytes, expectedBytes)
}
