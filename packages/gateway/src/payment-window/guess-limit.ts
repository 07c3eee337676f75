import type { GuessBounds } from '../admission/limits.ts'
import type { RateLimitResult } from '../admission/rate-limit.ts'
import { createDecayingCount } from '../admission/rate-limit.ts'
import { currentAddress } from '../logging/current-request.ts'
import type { Runtime } from '../runtime.ts'

/*
 * Limit of wrong payment passwords and wrong one-time codes.
 *
 * Problem: a lock after five wrong passwords guards one member. Who guesses once or twice for each of many members, from one address or
 * through one merchant's forms, meets no lock.
 *
 * Technique: exponential backoff by client address. Wrong guesses are counted for each address and forgotten one by one. Beyond a free
 * number each further guess has to wait, twice as long after each wrong one, up to a bound; who comes earlier is told how long, and nothing
 * is compared. Wrong guesses are counted for each merchant too. While a merchant is over its number, an address has hardly any free guesses
 * there; nobody waits for what other addresses did, so that an attacker cannot close a merchant. A guess counts before it is compared, and a
 * right one is taken back: guesses at the same moment all count.
 *
 * Trade-off: buyers behind one address (a mobile carrier, an office) wait together once the free guesses are used up. The counts are in
 * memory: a second gateway process has its own, so an attacker who reaches both has twice the guesses, and a restart forgets them. The lock
 * of the member is in the database and holds for all processes.
 */

export interface GuessLimit {
  /** Counts a guess that is about to be compared, or refuses it. */
  begin(guess: { readonly merchantId: string }): BegunGuess | Extract<RateLimitResult, { readonly ok: false }>
}

export interface BegunGuess {
  readonly ok: true
  /** It was right, or could not be compared: it does not count. */
  takeBack(): void
}

interface GuessLimitOptions extends GuessBounds {
  readonly mostKeys: number
  readonly onRejected: (bound: 'per_address' | 'per_merchant') => void
}

export function createGuessLimit(runtime: Pick<Runtime, 'now'>, options: GuessLimitOptions): GuessLimit {
  const { freePerAddress, freeUnderAttack, freePerMerchant, firstDelayMs, longestDelayMs, mostKeys } = options
  const ofAddress = createDecayingCount(runtime, { forgetEveryMs: options.forgetOfAddressMs, mostKeys })
  const ofMerchant = createDecayingCount(runtime, { forgetEveryMs: options.forgetOfMerchantMs, mostKeys })

  const waitMs = (address: string, free: number): number => {
    const beyond = ofAddress.of(address) - free
    if (beyond < 0) return 0
    return Math.min(longestDelayMs, firstDelayMs * 2 ** beyond) - ofAddress.sinceLast(address)
  }

  return {
    begin({ merchantId }) {
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
        takeBack() {
          if (address !== undefined) ofAddress.remove(address)
          ofMerchant.remove(merchantId)
        },
      }
    },
  }
}
