import type { BillKeyRequest, ResultReason, WireText } from '@sspay/protocol'
import type { Payment } from '../approval/model.ts'
import type { Member } from '../members/model.ts'
import type { Merchant } from '../merchants/model.ts'
import { isForeignIssuer } from '../vault/issuers.ts'
import type { Card } from '../vault/model.ts'

/*
 * A window that issues a bill key.
 *
 * Problem: it asks for the same things as a payment, in the same pages, but takes no money. A payment row of zero won
 * would be in every list, sum and report, and could be approved.
 *
 * Technique: the registration lives in the encrypted state of its window, and ends with it. The pages see it as a
 * payment of zero won that no table has, so nothing can approve it.
 */

/** The request for a bill key, and how it ended. */
export interface Registration {
  readonly request: Omit<BillKeyRequest, 'requestedAt' | 'checksum'>
  /** Unix time in milliseconds. */
  readonly openedAt: number
  readonly expiresAt: number
  readonly ending?: RegistrationEnding | undefined
}

/** `fields`: the result for the shop, by wire name. */
export type RegistrationEnding =
  | { readonly outcome: 'issued' | 'aborted'; readonly fields: WireText }
  | { readonly outcome: 'rejected'; readonly reason: ResultReason; readonly fields: WireText }

/** As the pages, limits and security events of the window see it. */
export function paymentOfRegistration(
  transactionId: string,
  { request, openedAt, expiresAt, ending }: Registration,
): Payment {
  const { merchantId, orderId, buyerName = '', returnUrl } = request
  const at = new Date(openedAt)
  return {
    transactionId,
    merchantId,
    orderId,
    amount: 0,
    state: ending === undefined ? 'requested' : 'aborted',
    request: {
      ...request,
      amount: 0,
      goodsName: '',
      goodsCount: 1,
      buyerName,
      asksPopCard: false,
      abortUrl: returnUrl,
      requestedAt: at,
      signature: '',
    },
    bindsMember: false,
    installmentMonths: 0,
    isInterestFree: false,
    requestedAt: at,
    windowExpiresAt: new Date(expiresAt),
    stateChangedAt: at,
    cancelledAmount: 0,
    head: { sequence: 0, hash: '' },
  }
}

/** Foreign cards have no bill key. */
export const mayHaveBillKey = ({ issuerCode, expired }: Pick<Card, 'issuerCode' | 'expired'>): boolean =>
  !expired && !isForeignIssuer(issuerCode)

/** The merchant with the identity check of its contract for bill keys. */
export const merchantOfRegistration = (merchant: Merchant): Merchant =>
  merchant.billKeys?.identity === 'off' ? { ...merchant, identityVerification: 'off', identityMatch: 'none' } : merchant

interface Registering {
  readonly member: Member | undefined
  readonly merchant: Merchant
  readonly state: {
    readonly registration?: Registration | undefined
    readonly proof?: { readonly by: string } | undefined
  }
}

/**
 * The buyer goes on without a payment password: a member of a shop that skips it, and one for whom only the shop
 * vouches.
 */
export function isWithoutPassword({ member, merchant, state }: Registering): boolean {
  if (state.registration === undefined || member === undefined || member.hasPassword || member.isLocked) return false
  const isBoundUnverified = merchant.identityVerification === 'off' && !member.isPending
  return isBoundUnverified || state.registration.request.skipsPaymentPassword === true
}

/** Nothing shows that the buyer is the member, so each registration enters its card, and sees no other. */
export const hidesWallet = (session: Registering): boolean =>
  isWithoutPassword(session) && session.state.proof?.by !== 'identity'
