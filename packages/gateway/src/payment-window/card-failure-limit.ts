import { type Bucket, type RateLimit, type RateLimitResult, takeFromEach } from '../admission/rate-limit.ts'
import { currentAddress } from '../logging/current-request.ts'

interface Attempt {
  readonly memberId: string
  /** Not the number itself, but what stands for it. */
  readonly card: string
}

export interface CardFailureLimit {
  /** Counts an attempt before the issuer is asked, so that parallel guesses cannot pass the limit; `takeBack` when it was no failure. */
  begin(attempt: Attempt): { readonly ok: true; takeBack(): void } | Extract<RateLimitResult, { readonly ok: false }>
}

/**
 * Bounds on cards that their issuer does not confirm. Two digits of a password are a hundred guesses: a member has few of them a day, and so
 * has a card, whichever members try it. An address has more, since the phones of one carrier share it. The counts are in the memory of this
 * process: each further gateway allows as many again.
 */
export function createCardFailureLimit(
  perMember: RateLimit,
  perCard: RateLimit,
  perAddress: RateLimit,
): CardFailureLimit {
  return {
    begin({ memberId, card }) {
      const address = currentAddress()
      const buckets: readonly Bucket[] = [
        [perMember, memberId],
        [perCard, card],
        ...(address === undefined ? [] : [[perAddress, address] as const]),
      ]
      const admitted = takeFromEach(buckets)
      if (!admitted.ok) return admitted
      return {
        ok: true,
        takeBack() {
          for (const [limit, key] of buckets) limit.putBack(key)
        },
      }
    },
  }
}
