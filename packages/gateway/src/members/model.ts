import type { VerifiedIdentity } from '../identity/model.ts'

/** Someone who pays with SS-Pay at the shops of one easy-pay merchant. */
export interface Member {
  readonly memberId: string
  readonly customerId: string
  /** Joined in the window of one payment, and not bound to the customer until a payment of theirs is approved. */
  readonly isPending: boolean
  /** Keyed fingerprint of the CI; undefined where no agency has said who this is. */
  readonly ciFingerprint: string | undefined
  /** False until the first password is set, and after a new identity verification cleared it. */
  readonly hasPassword: boolean
  /** After five wrong passwords, until a new identity verification. */
  readonly isLocked: boolean
  readonly joinedAt: Date
  /** Another one after each identity verification: what a window has seen before that proves nothing any more. */
  readonly identityVersion: string
}

/** What identity verification said about the member; sealed at rest. */
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
 * Whose customers a new member is one of: those of all merchants that share the easy-pay merchant. Where nobody verifies the identity the shop's
 * word is all there is, and the member pays at that merchant only.
 */
export const scopeOf = ({ easyPayMerchantId, merchantId, identityVerification }: PaymentCustomer): string =>
  identityVerification === 'required' ? easyPayMerchantId : unverifiedScope({ easyPayMerchantId, merchantId })

export const unverifiedScope = ({
  easyPayMerchantId,
  merchantId,
}: Pick<PaymentCustomer, 'easyPayMerchantId' | 'merchantId'>): string => `${easyPayMerchantId}/${merchantId}`

/**
 * The CI decides who is the same person; name, birth date and phone are shared or change. Nobody can show to be a member whose CI is not
 * known.
 */
export const isSamePerson = (known: MemberIdentity | undefined, given: MemberIdentity): boolean =>
  known?.ci === given.ci

/** A pending member is kept so long after its payment began, for the person to come back to. */
export const pendingMemberLifeMs = 24 * 60 * 60_000

/** Wrong payment passwords until the lock. */
export const mostAttempts = 5

/** A wrong password is forgotten after a day. */
export const attemptLifeMs = 24 * 60 * 60_000

export interface Attempts {
  readonly failed: number
  /** The oldest of them is forgotten a day after this moment. */
  readonly decayFrom: number
}

/**
 * Leaky bucket: wrong passwords fill it, and one a day leaks out. A right password takes back only its own try. If it emptied the bucket, a
 * thief could guess four times before each payment of the member and never meet the lock; this way a sixth guess costs a day, whoever pays
 * in between. A full bucket is the lock and leaks no more: only a new identity verification ends it.
 */
export function countAttempt({ failed, decayFrom }: Attempts, now: number): Attempts {
  const forgotten = Math.max(0, Math.floor((now - decayFrom) / attemptLifeMs))
  if (failed <= forgotten) return { failed: 1, decayFrom: now }
  return { failed: failed - forgotten + 1, decayFrom: decayFrom + forgotten * attemptLifeMs }
}
