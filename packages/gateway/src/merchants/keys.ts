import { koreanTimestamp } from '@sspay/protocol'
import type { AcceptedRequest } from '@sspay/protocol/internal'
import { signatureMatches, signPaymentRequest, signPaymentRequestLegacy } from '@sspay/protocol/signature'
import type { Merchant } from './model.ts'

/** Every key of a merchant, for the log to mask. */
export const keysOf = ({
  merchantKey,
  formerKeys = [],
}: Pick<Merchant, 'merchantKey' | 'formerKeys'>): readonly string[] =>
  [merchantKey, ...formerKeys.map(({ key }) => key)].map((key) => key.expose())

/** The keys that the shop may sign and encrypt with at that time: the merchant key, and former ones. */
export const acceptedKeys = ({ merchantKey, formerKeys = [] }: Merchant, at: Date): readonly string[] =>
  keysOf({ merchantKey, formerKeys: formerKeys.filter(({ until }) => until === undefined || at < until) })

/** The accepted key that a payment request is signed with; undefined for a wrong signature. */
export function signatureKeyOf(merchant: Merchant, request: AcceptedRequest, at: Date): string | undefined {
  // The formats of time and amount are canonical, so writing them again gives the signed text.
  const signed = {
    requestedAt: koreanTimestamp(request.requestedAt),
    merchantId: request.merchantId,
    amount: String(request.amount),
  }
  const forms = [signPaymentRequest, ...(merchant.acceptsLegacySignature ? [signPaymentRequestLegacy] : [])]
  return acceptedKeys(merchant, at).find((key) =>
    forms.some((sign) => signatureMatches(request.signature, sign(signed, key))),
  )
}

/**
 * The key that answers about a payment are signed with: that of its request, since a shop moves to a new key at a time
 * of its own. The merchant key once that one is no longer accepted.
 */
export function answerKeyOf(merchant: Merchant, request: AcceptedRequest, at: Date): string {
  const isOnlyKey = (merchant.formerKeys ?? []).length === 0
  return (isOnlyKey ? undefined : signatureKeyOf(merchant, request, at)) ?? merchant.merchantKey.expose()
}
