import type { ResultReason } from '@sspay/protocol'

/** Why an issuer refuses. A reason nobody knows is read as `issuer_declined`. */
export const declineReasons = [
  'card_number_invalid',
  'card_expired',
  'installment_unsupported',
  'installment_months_invalid',
  'card_amount_too_small',
  'balance_insufficient',
  'issuer_declined',
] as const satisfies readonly ResultReason[]

export type DeclineReason = (typeof declineReasons)[number]

/** Which payment a question is about. */
export interface NetworkReference {
  readonly transactionId: string
  /** Whole won. */
  readonly amount: number
}

export interface AuthorizeRequest extends NetworkReference {
  readonly cardNumber: string
  /** 1 to 12. */
  readonly expiryMonth: number
  /** Four digits. */
  readonly expiryYear: number
  /** 0 is a lump sum. */
  readonly installmentMonths: number
  readonly acquirerMerchantNumber: string
}

interface NetworkApproval {
  readonly outcome: 'approved'
  readonly approvalNumber: string
  readonly approvedAt: Date
  readonly issuerCode: string
  readonly acquirerCode: string
  readonly cardKind: 'credit' | 'check'
}

interface NetworkDecline {
  readonly outcome: 'declined'
  readonly reason: DeclineReason
}

/** No answer, or none that can be trusted. Money may have moved. */
export interface NetworkSilence {
  readonly outcome: 'silent'
}

export type AuthorizeOutcome = NetworkApproval | NetworkDecline | NetworkSilence
export type InquireOutcome = AuthorizeOutcome | { readonly outcome: 'unknown_to_network' }
export type ReverseOutcome = { readonly outcome: 'reversed' } | NetworkSilence

/**
 * The way to the issuers. The transaction id is the idempotency key: the network authorizes it once, and a reversal also stops an
 * authorization that arrives after it.
 *
 * Over HTTP (`http-client.ts`): POST {url}/authorize | /inquire | /reverse with the request as a JSON object (amounts, months and
 * years as numbers). Every answer is HTTP 200 and a JSON object that repeats `transactionId` and `amount` and has an `outcome`, for
 * an approval `approvedAt` as an ISO 8601 instant.
 */
export interface CardNetwork {
  authorize(request: AuthorizeRequest): Promise<AuthorizeOutcome>
  inquire(payment: NetworkReference): Promise<InquireOutcome>
  reverse(payment: NetworkReference): Promise<ReverseOutcome>
}
