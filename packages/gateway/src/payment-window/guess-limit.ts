import type { GuessBounds } from '../admission/limits.ts'
import type { RateLimitResult } from '../admission/rate-limit.ts'
import { createDecayingCount } from '../admission/rate-limit.ts'
import { currentAddress } from '../logging/current-request.ts'
import type { Runtime } from '../runtime.ts'

/*
 * Limit of wrong payment passwords and wrong one-time codes.
 *
 * Problem: the lock after five wrong passwords protects one member. An attacker who guesses once or twice for each of
 * many members, from one address or through one merchant's forms, never triggers it.
 *
 * Technique: exponential backoff by client address. Wrong guesses are counted per address and decay one by one. Beyond
 * a free number each further guess waits twice as long, up to a bound; an earlier one is rejected uncompared, with the
 * wait. Wrong guesses are counted per merchant too: above its number, an address has few free guesses there, but never
 * waits for other addresses, so that an attacker cannot close a merchant. A guess counts before it is compared, and a
 * right one is undone, so that concurrent guesses all count.
 *
 * Trade-off: buyers behind one address (carrier, office) wait together once the free guesses are used up. The counts
 * are in memory: each gateway process has its own, and a restart forgets them. The member's lock is in the database.
 */

/** Counted before it is checked, so that concurrent attempts all count; `undo` when it was not a failure. */
export type Attempt = { readonly ok: true; undo(): void } | Extract<RateLimitResult, { readonly ok: false }>

interface GuessLimitOptions extends GuessBounds {
  readonly mostKeys: number
  readonly onRejected: (bound: 'per_address' | 'per_merchant') => void
}

export function createGuessLimit(runtime: Pick<Runtime, 'now'>, options: GuessLimitOptions) {
  const { freePerAddress, freeUnderAttack, freePerMerchant, firstDelayMs, longestDelayMs, mostKeys } = options
  const ofAddress = createDecayingCount(runtime, { forgetEveryMs: options.forgetOfAddressMs, mostKeys })
  const ofMerchant = createDecayingCount(runtime, { forgetEveryMs: options.forgetOfMerchantMs, mostKeys })

  const waitMs = (address: string, free: number): number => {
    const beyond = ofAddress.of(address) - free
    if (beyond < 0) return 0
    return Math.min(longestDelayMs, firstDelayMs * 2 ** beyond) - ofAddress.sinceLast(address)
  }

  return {
    begin({ merchantId }: { readonly merchantId: string }): Attempt {
      const address = currentAddress()
      if (address !== undefined) {
        const isUnderAttack = ofMerchant.of(merchantId) > freePerMerchant
        const retryAfterMs = waitMs(address, isUnderAttack ? freeUnderAttack : freePerAddress)
        if (retryAfterMs > 0) {
          options.onRejected(isUnderAttack ? 'per_merchant' : 'per_address')
          return { ok: false, retryAfterMs }
        }
        ofAddress.add(address)
      }
      ofMerchant.add(merchantId)
      return {
        ok: true,
        undo() {
          if (address !== undefined) ofAddress.remove(address)
          ofMerchant.remove(merchantId)
        },
      }
    },
  }
}
