import { koreanTimestamp, type PaymentRequest } from '@sspay/protocol'
import { signatureMatches, signPaymentRequest, signPaymentRequestLegacy } from '@sspay/protocol/signature'
import type { Merchant } from '../merchants/model.ts'

/** The formats of time and amount have one spelling each, so writing them again gives what was signed. */
export function isSignatureRight(request: PaymentRequest, merchant: Merchant): boolean {
  const signed = {
    requestedAt: koreanTimestamp(request.requestedAt),
    merchantId: request.merchantId,
    amount: String(request.amount),
  }
  const merchantKey = merchant.merchantKey.expose()
  if (signatureMatches(request.signature, signPaymentRequest(signed, merchantKey))) return true
  return (
    merchant.acceptsLegacySignature &&
    signatureMatches(request.signature, signPaymentRequestLegacy(signed, merchantKey))
  )
}
