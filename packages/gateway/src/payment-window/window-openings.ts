import type { PaymentRequest } from '@sspay/protocol'
import type { Limits, Rate } from '../admission/limits.ts'
import { type Bucket, createRateLimit, type RateLimitResult, takeFromEach } from '../admission/rate-limit.ts'
import { currentAddress } from '../logging/current-request.ts'
import type { Runtime } from '../runtime.ts'

/*
 * Rate limits of opening windows with forms that a merchant has signed, before anything is stored.
 *
 * Problem: a signed form opens windows for as long as its time allows, and the merchant's bucket belongs to whoever asks fastest: one
 * address with one form empties it, and every buyer of that merchant is refused.
 *
 * Technique: token buckets. One for the form: merchant, signature and order. One, larger, for merchant and signature alone, since the
 * signature does not cover the order and a changed order is another form. And fair share inside the merchant's bucket: each address has a
 * small bucket of its own, a fixed part of the merchant's burst and rate. While at least half of the merchant's bucket is left, nobody is
 * held to a share, so that many buyers behind one address are served. Below half, an address that has used up its share is refused first,
 * and the other half is kept for the others.
 *
 * Trade-off: an attacker with many addresses has many shares, and with many forms many buckets. The buckets are in memory: each further
 * gateway process gives out as much again.
 */

export interface WindowOpenings {
  /** Takes one from every bucket of this opening, or refuses it. */
  take(request: Pick<PaymentRequest, 'merchantId' | 'signature' | 'orderId'>): RateLimitResult
}

type OpeningBound = 'per_form' | 'per_signature' | 'per_share' | 'per_merchant'

interface OpeningOptions {
  readonly limits: Pick<
    Limits,
    'windowsPerForm' | 'windowsPerSignature' | 'windowsPerMerchant' | 'addressShareOfMerchant' | 'mostRememberedKeys'
  >
  readonly onRejected: (bound: OpeningBound) => void
}

export function createWindowOpenings(
  runtime: Pick<Runtime, 'now'>,
  { limits, onRejected }: OpeningOptions,
): WindowOpenings {
  const { windowsPerMerchant, addressShareOfMerchant, mostRememberedKeys: mostKeys } = limits
  const limit = (rate: Rate, bound: OpeningBound) =>
    createRateLimit(runtime, { ...rate, mostKeys, onRejected: () => onRejected(bound) })
  const ofForm = limit(limits.windowsPerForm, 'per_form')
  const ofSignature = limit(limits.windowsPerSignature, 'per_signature')
  const ofShare = limit(shareOf(windowsPerMerchant, addressShareOfMerchant), 'per_share')
  const ofMerchant = limit(windowsPerMerchant, 'per_merchant')

  return {
    take({ merchantId, signature, orderId }) {
      const address = currentAddress()
      const share: Bucket = [ofShare, `${merchantId} ${address}`]
      const isShort = ofMerchant.level(merchantId) < 0.5
      const admitted = takeFromEach([
        [ofForm, `${merchantId} ${signature} ${orderId}`],
        [ofSignature, `${merchantId} ${signature}`],
        ...(isShort && address !== undefined ? [share] : []),
        [ofMerchant, merchantId],
      ])
      // Also counted while nobody is held to it; whether there was anything to take does not matter then.
      if (admitted.ok && !isShort && share[0].peek(share[1]).ok) share[0].take(share[1])
      return admitted
    },
  }
}

const shareOf = ({ burst, refillEveryMs }: Rate, share: number): Rate => ({
  burst: Math.max(1, Math.floor(burst * share)),
  refillEveryMs: refillEveryMs / share,
})
