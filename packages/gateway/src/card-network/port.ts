import type { ResultReason } from '@sspay/protocol'

/** Why an issuer declines. An unknown reason is read as `issuer_declined`. */
export const declineReasons = [
  'card_number_invalid',
  'card_expired',
  'installment_unsupported',
  'installment_months_invalid',
  'card_amount_too_small',
  'balance_insufficient',
  'issuer_declined',
] as const satisfies readonly ResultReason[]

/** One of {@link declineReasons}. */
export type DeclineReason = (typeof declineReasons)[number]

/** The payment of a request. */
export interface NetworkReference {
  readonly transactionId: string
  /** Whole won. */
  readonly amount: number
}

/** Why the network declines a refund. An unknown reason is read as `cancel_amount_invalid`. */
export const cancelRejections = [
  'cancel_amount_invalid',
  'partial_cancel_impossible',
] as const satisfies readonly ResultReason[]

export type CancelRejection = (typeof cancelRejections)[number]

/** A full or partial refund of an approved payment. */
export interface NetworkCancelRequest extends NetworkReference {
  /** From 1; with the transaction id it is the idempotency key. */
  readonly cancelSequence: number
  /** Whole won; `amount` is the payment's. */
  readonly cancelAmount: number
  /** The transaction id of a partial refund, else the payment's own. */
  readonly cancelTransactionId: string
}

/** An authorization of a payment. `cardNumber` is plaintext: never log it. */
export interface AuthorizeRequest extends NetworkReference {
  readonly cardNumber: string
  /** 1 to 12. */
  readonly expiryMonth: number
  /** Four digits. */
  readonly expiryYear: number
  /** 0 is a lump sum. */
  readonly installmentMonths: number
  /** The buyer pays no interest on the instalments: the issuer charges it to the shop, or waives it. */
  readonly isInterestFree: boolean
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

/** No usable answer: money may have moved. */
export interface NetworkSilence {
  readonly outcome: 'silent'
}

/** Of an authorization. */
export type AuthorizeOutcome = NetworkApproval | NetworkDecline | NetworkSilence
/** Of an inquiry. */
export type InquireOutcome = AuthorizeOutcome | { readonly outcome: 'unknown_to_network' }
/** Of a reversal (망취소). */
export type ReverseOutcome = { readonly outcome: 'reversed' } | NetworkSilence
/** Of a refund. */
export type CancelOutcome =
  | { readonly outcome: 'cancelled'; readonly cancelledAt: Date }
  | { readonly outcome: 'declined'; readonly reason: CancelRejection }
  | NetworkSilence

/** Why the issuer does not confirm the owner of a card. An unknown reason is read as `issuer_declined`. */
export const cardRejections = ['owner_mismatch', 'password_wrong', 'card_stopped', 'issuer_declined'] as const

/** One of {@link cardRejections}. `card_stopped`: lost, stolen or stopped. */
export type CardRejection = (typeof cardRejections)[number]

/** The owner of a card: a person, or the company of a corporate card. */
export type CardOwner =
  | {
      /** yyMMdd. */
      readonly ownerBirthDate: string
    }
  | {
      /** Ten digits (사업자등록번호). */
      readonly businessNumber: string
    }

/** A card to be registered. All of it is plaintext: never log it, and store nothing but the card. */
export type VerifyCardRequest = CardOwner & {
  readonly cardNumber: string
  /** 1 to 12. */
  readonly expiryMonth: number
  /** Four digits. */
  readonly expiryYear: number
  /** The first two digits of the card's own password. */
  readonly passwordFirstTwo: string
}

/** Whether the card is the owner's. `unreachable`: no usable answer. */
export type VerifyCardOutcome =
  | { readonly outcome: 'verified' }
  | { readonly outcome: 'rejected'; readonly reason: CardRejection }
  | { readonly outcome: 'unreachable' }

/**
 * The card network, between the gateway and the issuers. The transaction id is the idempotency key: the network
 * authorizes it once, and a reversal also stops an authorization that arrives after it. Refunds never exceed the
 * authorized amount; the same sequence again gets the first answer.
 *
 * Over HTTP (`http-client.ts`): POST {url}/authorize | /inquire | /reverse | /cancel | /verify-card with the request as
 * a JSON object (amounts, months and years as numbers). Every answer is HTTP 200 and a JSON object that repeats
 * `transactionId` and `amount`, of a cancellation also `cancelSequence` and `cancelAmount`, and has an `outcome`, for
 * an approval `approvedAt` and for a cancellation `cancelledAt` as an ISO 8601 instant, in Korean time where it has no
 * offset. /verify-card is about no payment: its request has a `verificationId` instead, and the answer repeats that.
 */
export interface CardNetwork {
  /**
   * Asked before a payment is claimed: false while the circuit breaker is open, and the payment is not claimed then.
   * After a true, `authorize` is sent in any case.
   */
  permitAuthorization?(): boolean
  /** `timeoutMs`: of the merchant, where it is shorter than usual. */
  authorize(request: AuthorizeRequest, timeoutMs?: number): Promise<AuthorizeOutcome>
  inquire(payment: NetworkReference): Promise<InquireOutcome>
  reverse(payment: NetworkReference): Promise<ReverseOutcome>
  cancel(request: NetworkCancelRequest): Promise<CancelOutcome>
  /** Called before a card is registered. Moves no money, and may be repeated. */
  verifyCard(request: VerifyCardRequest): Promise<VerifyCardOutcome>
}
