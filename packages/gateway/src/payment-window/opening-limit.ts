import type { PaymentRequest } from '@sspay/protocol'
import type { Limits, Rate } from '../admission/limits.ts'
import { type Bucket, type RateLimit, type RateLimitResult, takeFromEach } from '../admission/rate-limit.ts'
import { currentAddress } from '../logging/current-request.ts'

/*
 * Rate limits of opening windows with forms that a merchant has signed.
 *
 * Problem: a signed form opens windows as long as its time allows, so one address with one form can empty the
 * merchant's bucket, and every buyer of that merchant is rejected.
 *
 * Technique: token buckets. One per form (merchant, signature, order), and a larger one per merchant and signature,
 * since the signature does not cover the order. Fair share inside the merchant's bucket: each address has a fixed part
 * of its burst and rate. While at least half of the merchant's bucket is left, shares are not enforced, so that many
 * buyers behind one address are served. Below half, an address that has used up its share is rejected, and the rest is
 * kept for the others.
 *
 * Trade-off: an attacker with many addresses has many shares, and with many forms many buckets.
 */

export function createOpeningLimit(
  { windowsPerForm, windowsPerSignature, windowsPerMerchant, addressShareOfMerchant }: Limits,
  limit: (rate: Rate, bound: 'per_form' | 'per_signature' | 'per_share' | 'per_merchant') => RateLimit,
) {
  const ofForm = limit(windowsPerForm, 'per_form')
  const ofSignature = limit(windowsPerSignature, 'per_signature')
  const ofShare = limit(shareOf(windowsPerMerchant, addressShareOfMerchant), 'per_share')
  const ofMerchant = limit(windowsPerMerchant, 'per_merchant')
  return {
    /** Takes one token from every bucket of this opening, or from none. */
    take(request: Pick<PaymentRequest, 'merchantId' | 'signature' | 'orderId'>): RateLimitResult {
      const { merchantId, signature, orderId } = request
      const address = currentAddress()
      const share: Bucket = [ofShare, `${merchantId} ${address}`]
      const isShort = ofMerchant.level(merchantId) < 0.5
      const admitted = takeFromEach([
        [ofForm, `${merchantId} ${signature} ${orderId}`],
        [ofSignature, `${merchantId} ${signature}`],
        ...(isShort && address !== undefined ? [share] : []),
        [ofMerchant, merchantId],
      ])
      // Counted while it is not enforced, too; an empty share does not matter then.
      if (admitted.ok && !isShort && share[0].peek(share[1]).ok) share[0].take(share[1])
      return admitted
    },
  }
}

const shareOf = ({ burst, refillEveryMs }: Rate, share: number): Rate => ({
  burst: Math.max(1, Math.floor(burst * share)),
  refillEveryMs: refillEveryMs / share,
})
