const initialLimit = 64
const minimumLimit = 16
const smallestGradient = 0.5
const noLoadTolerance = 2
const noLoadDrift = 1.001

export type GradientLimit = ReturnType<typeof createGradientLimit>

/**
 * Adaptive concurrency limit: the gradient algorithm of Netflix's concurrency-limits, with a configured target instead
 * of a measured best latency. At the end of each round
 *
 *     limit ← limit × clamp(target ÷ mean latency, ½, 1) + √limit
 *
 * √limit is the allowed queue: negligible beside a large limit, enough to recover from a small one. A round ends when
 * limit ÷ 2 calls have ended; only calls that began in it count, so that each change takes effect before the next. The
 * limit grows only if it was reached. In the steady state under load the mean latency is just above the target.
 *
 * A slow disk may exceed the target without any queueing. The effective target is therefore at least twice the no-load
 * latency: the lowest mean among rounds that did not reach the limit, drifting up by 0.1 % per higher round.
 */
export function createGradientLimit(targetLatencyMs: number, most: number) {
  let limit = Math.min(initialLimit, most)
  let [round, ended, spentMs] = [0, 0, 0]
  let wasReached = false
  let noLoadMs = Number.POSITIVE_INFINITY
  return {
    /** How many calls may run at once. */
    get value() {
      return limit
    },
    /** The current round: pass it to {@link record} for a call that begins now. */
    get round() {
      return round
    },
    /** Call it when a call had to wait for a slot: the limit may grow. */
    reach(): void {
      wasReached = true
    },
    /** Records the latency of a call that has ended. */
    record(began: number, latencyMs: number): void {
      if (began !== round) return
      ended += 1
      spentMs += latencyMs
      if (ended < limit / 2) return
      const meanMs = spentMs / ended
      if (!wasReached) noLoadMs = Math.min(meanMs, noLoadMs * noLoadDrift)
      const aimMs = Number.isFinite(noLoadMs) ? Math.max(targetLatencyMs, noLoadTolerance * noLoadMs) : targetLatencyMs
      const gradient = Math.max(smallestGradient, Math.min(1, aimMs / meanMs))
      const next = limit * gradient + Math.sqrt(limit)
      if (next < limit || wasReached) limit = Math.min(most, Math.max(Math.min(minimumLimit, most), next))
      round += 1
      ;[ended, spentMs, wasReached] = [0, 0, false]
    },
  }
}
