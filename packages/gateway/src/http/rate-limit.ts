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
  /** What {@link take} would answer, and takes nothing. */
  look(key: string): Admission
  /** How full the bucket of this key is, from 0 to 1. */
  level(key: string): number
  /** Undoes a `take` of what turned out not to count. */
  giveBack(key: string): void
  /** Buckets that are remembered, never more than the bound. */
  readonly size: number
}

interface RateLimitOptions extends Rate {
  /** Beyond it the bucket unused for longest is forgotten, as if it were full. */
  readonly mostKeys: number
  /** Hears of each refusal. */
  readonly onRejected?: () => void
}

/** A token bucket for each key. One number is a whole bucket: when it will be full again; a full one is not remembered. */
export function createRateLimit(
  { now }: Pick<Runtime, 'now'>,
  { burst, refillEveryMs, mostKeys, onRejected }: RateLimitOptions,
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

  /** A clock that was set back must not empty a bucket for longer than it takes to fill. */
  const fullAtOf = (key: string, at: number): number => Math.min(Math.max(fullAt.get(key) ?? at, at), at + whole)

  const admit = (full: number, at: number): Admission => {
    const missingMs = full + refillEveryMs - at - whole
    return missingMs > 0 ? { ok: false, retryAfterMs: missingMs } : { ok: true }
  }

  return {
    take(key) {
      const at = now().getTime()
      const full = fullAtOf(key, at)
      const admitted = admit(full, at)
      fullAt.delete(key)
      fullAt.set(key, admitted.ok ? full + refillEveryMs : full)
      if (admitted.ok) forgetOldest(at)
      else onRejected?.()
      return admitted
    },
    look(key) {
      const at = now().getTime()
      return admit(fullAtOf(key, at), at)
    },
    level(key) {
      const at = now().getTime()
      return whole === 0 ? 1 : 1 - (fullAtOf(key, at) - at) / whole
    },
    giveBack(key) {
      const full = fullAt.get(key)
      if (full !== undefined) fullAt.set(key, full - refillEveryMs)
    },
    get size() {
      return fullAt.size
    },
  }
}

/** A limit and the key whose bucket counts. */
export type Bucket = readonly [limit: RateLimit, key: string]

/** Takes one from each bucket, or, where one of them is empty, from none: who is refused by one bound does not use up the others. */
export function takeFromEach(buckets: readonly Bucket[]): Admission {
  const empty = buckets.find(([limit, key]) => !limit.look(key).ok)
  if (empty !== undefined) return empty[0].take(empty[1])
  for (const [limit, key] of buckets) limit.take(key)
  return { ok: true }
}
