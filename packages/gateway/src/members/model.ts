import type { VerifiedIdentity } from '../identity/model.ts'

/** Someone who pays with SS-Pay at the shops of one easy-pay merchant. */
export interface Member {
  readonly memberId: string
  readonly customerId: string
  /** Joined in the window of a payment; the first approved payment binds the member to the customer. */
  readonly isPending: boolean
  /** Keyed fingerprint of the CI; undefined without a verified identity. */
  readonly ciFingerprint: string | undefined
  /** False until the first password is set, and after a new identity verification cleared it. */
  readonly hasPassword: boolean
  /** After five wrong passwords, until a new identity verification. */
  readonly isLocked: boolean
  readonly joinedAt: Date
  /** Changes with each identity verification, which makes earlier proofs in windows stale. */
  readonly identityVersion: string
}

/** Encrypted at rest. */
export type MemberIdentity = VerifiedIdentity

export interface MemberKey {
  readonly easyPayMerchantId: string
  readonly customerId: string
}

/** The customer of one payment. */
export interface PaymentCustomer extends MemberKey {
  readonly merchantId: string
  readonly transactionId: string
  readonly identityVerification: 'required' | 'off'
}

/**
 * Where the member may pay: at all merchants that share the easy-pay merchant; without identity verification, when the
 * shop's claim is the only proof, at that merchant only.
 */
export const scopeOf = ({ easyPayMerchantId, merchantId, identityVerification }: PaymentCustomer): string =>
  identityVerification === 'required' ? easyPayMerchantId : unverifiedScope({ easyPayMerchantId, merchantId })

export const unverifiedScope = ({
  easyPayMerchantId,
  merchantId,
}: Pick<PaymentCustomer, 'easyPayMerchantId' | 'merchantId'>): string => `${easyPayMerchantId}/${merchantId}`

/**
 * The buyer of a general card payment. Stored like a pending member, but without a customer: no payment binds a guest,
 * no other payment finds one, and the card of the payment belongs to its guest.
 */
export const guestOf = ({ merchantId, transactionId }: GuestPayment): PaymentCustomer => ({
  easyPayMerchantId: '',
  customerId: '',
  merchantId,
  transactionId,
  identityVerification: 'off',
})

export type GuestPayment = Pick<PaymentCustomer, 'merchantId' | 'transactionId'>

/** Guests that are left after this time are of payments that expired, or of processes that died. */
export const guestLifeMs = 60 * 60_000

/** Kept this long after its payment began, so that the person can come back. */
export const pendingMemberLifeMs = 24 * 60 * 60_000

/** Wrong payment passwords until the lockout. */
export const mostAttempts = 5

/** A wrong password decays after a day. */
export const attemptLifeMs = 24 * 60 * 60_000

export interface Attempts {
  readonly failed: number
  /** The oldest of them decays a day after this moment. */
  readonly decayFrom: number
}

/**
 * Leaky bucket: wrong passwords fill it, and one a day leaks out. A right password undoes only its own attempt: if it
 * emptied the bucket, a thief could guess four times before each payment of the member and never reach the lockout. A
 * full bucket is the lockout and leaks no more: only a new identity verification ends it.
 */
export function countAttempt({ failed, decayFrom }: Attempts, now: number): Attempts {
  const forgotten = Math.max(0, Math.floor((now - decayFrom) / attemptLifeMs))
  if (failed <= forgotten) return { failed: 1, decayFrom: now }
  return { failed: failed - forgotten + 1, decayFrom: decayFrom + forgotten * attemptLifeMs }
}
