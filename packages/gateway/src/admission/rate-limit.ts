import type { Runtime } from '../runtime.ts'
import type { Rate } from './limits.ts'

export type RateLimitResult = { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number }

export type RateLimit = ReturnType<typeof createRateLimit>

interface RateLimitOptions extends Rate {
  /** Bounds memory: beyond it the least recently used bucket is evicted, as if it were full. */
  readonly mostKeys: number
  readonly onRejected?: () => void
}

/** A rate limiter with a token bucket per key. */
export function createRateLimit(
  runtime: Pick<Runtime, 'now'>,
  { burst, refillEveryMs, mostKeys, onRejected }: RateLimitOptions,
) {
  const wholeMs = burst * refillEveryMs
  const used = createLeakyBuckets(runtime, { leakEveryMs: refillEveryMs, mostMs: wholeMs, mostKeys })
  const peek = (key: string): RateLimitResult => {
    const missingMs = used.leftMs(key) + refillEveryMs - wholeMs
    return missingMs > 0 ? { ok: false, retryAfterMs: missingMs } : { ok: true }
  }
  return {
    /** Takes a token of this key, if there is one. */
    take(key: string): RateLimitResult {
      const result = peek(key)
      used.add(key, result.ok ? 1 : 0)
      if (!result.ok) onRejected?.()
      return result
    },
    /** The result of {@link take}, without taking. */
    peek,
    /** How full the bucket of this key is, from 0 to 1. */
    level: (key: string): number => (wholeMs === 0 ? 1 : 1 - used.leftMs(key) / wholeMs),
    /** Undoes a {@link take}. */
    putBack: used.remove,
    /** Keys in memory, at most `mostKeys`. */
    size: used.size,
  }
}

/** A limit and the key whose bucket counts. */
export type Bucket = readonly [limit: RateLimit, key: string]

/** All or nothing: takes one token of each bucket, or none if any is empty. */
export function takeFromEach(buckets: readonly Bucket[]): RateLimitResult {
  const empty = buckets.find(([limit, key]) => !limit.peek(key).ok)
  if (empty !== undefined) return empty[0].take(empty[1])
  for (const [limit, key] of buckets) limit.take(key)
  return { ok: true }
}

interface DecayingCountOptions {
  readonly forgetEveryMs: number
  /** Bounds memory: beyond it the least recently used key is evicted. */
  readonly mostKeys: number
}

/** Recent events by key; each key forgets one event every `forgetEveryMs`. */
export function createDecayingCount(runtime: Pick<Runtime, 'now'>, { forgetEveryMs, mostKeys }: DecayingCountOptions) {
  const mostMs = Number.POSITIVE_INFINITY
  const counted = createLeakyBuckets(runtime, { leakEveryMs: forgetEveryMs, mostMs, mostKeys })
  return {
    add: (key: string): void => counted.add(key, 1),
    /** Undoes an {@link add}. */
    remove: counted.remove,
    of: (key: string): number => Math.ceil(counted.leftMs(key) / forgetEveryMs),
    /** Milliseconds since the last {@link add}; Infinity for an unknown key. */
    sinceLast: counted.sinceLast,
    /** Keys in memory, at most `mostKeys`. */
    size: counted.size,
  }
}

interface LeakyBucketOptions {
  readonly leakEveryMs: number
  /** The content of a full bucket: the time it takes to leak. */
  readonly mostMs: number
  readonly mostKeys: number
}

/**
 * Leaky buckets in the form of GCRA: the state of a bucket is one number, the time at which it will be empty. The map
 * is in LRU order, so evictable keys come first.
 */
function createLeakyBuckets({ now }: Pick<Runtime, 'now'>, { leakEveryMs, mostMs, mostKeys }: LeakyBucketOptions) {
  const buckets = new Map<string, { readonly emptyAt: number; readonly lastAt: number }>()

  /** At most `mostMs`, so that a clock that was set back does not block a key for longer. */
  const leftMs = (key: string, at = now().getTime()): number =>
    Math.min(Math.max((buckets.get(key)?.emptyAt ?? at) - at, 0), mostMs)

  return {
    leftMs: (key: string): number => leftMs(key),
    add(key: string, count: number): void {
      const at = now().getTime()
      const emptyAt = at + leftMs(key, at) + count * leakEveryMs
      buckets.delete(key)
      buckets.set(key, { emptyAt, lastAt: at })
      for (const [oldest, bucket] of buckets) {
        if (bucket.emptyAt > at && buckets.size <= mostKeys) return
        buckets.delete(oldest)
      }
    },
    remove(key: string): void {
      const bucket = buckets.get(key)
      if (bucket !== undefined) buckets.set(key, { ...bucket, emptyAt: bucket.emptyAt - leakEveryMs })
    },
    sinceLast: (key: string): number => now().getTime() - (buckets.get(key)?.lastAt ?? Number.NEGATIVE_INFINITY),
    size: (): number => buckets.size,
  }
}
