import type { Runtime } from '../runtime.ts'

/** A bucket: so many at once, and one more after each `refillEveryMs` milliseconds. */
export interface Rate {
  readonly burst: number
  readonly refillEveryMs: number
}

export type Admission = { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number }

export interface RateLimit {
  /** Takes one from the bucket of this key; refused, nothing is taken. */
  take(key: string): Admission
  /** Buckets that are remembered, never more than the bound. */
  readonly size: number
}

interface RateLimitOptions extends Rate {
  /** Beyond it the bucket unused for longest is forgotten, as if it were full. */
  readonly mostKeys: number
  /** Hears of each refusal. */
  readonly onRefused?: () => void
}

/** A token bucket for each key. One number is a whole bucket: when it will be full again; a full one is not remembered. */
export function createRateLimit(
  { now }: Pick<Runtime, 'now'>,
  { burst, refillEveryMs, mostKeys, onRefused }: RateLimitOptions,
): RateLimit {
  const fullAt = new Map<string, number>()
  const whole = burst * refillEveryMs

  /** The map is in order of use, so what can be forgotten comes first. */
  const forgetOldest = (at: number): void => {
    for (const [key, full] of fullAt) {
      if (full > at && fullAt.size <= mostKeys) return
      fullAt.delete(key)
    }
  }

  return {
    take(key) {
      const at = now().getTime()
      // A clock that was set back must not empty a bucket for longer than it takes to fill.
      const full = Math.min(Math.max(fullAt.get(key) ?? at, at), at + whole) + refillEveryMs
      fullAt.delete(key)
      if (full > at + whole) {
        fullAt.set(key, full - refillEveryMs)
        onRefused?.()
        return { ok: false, retryAfterMs: full - at - whole }
      }
      fullAt.set(key, full)
      forgetOldest(at)
      return { ok: true }
    },
    get size() {
      return fullAt.size
    },
  }
}
