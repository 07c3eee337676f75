const first = 64
const least = 16
const steepest = 0.5
const tolerance = 2
const drift = 1.001

/** How many calls may be worked on at once. */
export interface GradientLimit {
  readonly value: number
  /** Of a call that begins now; {@link record} wants it back. */
  readonly round: number
  /** A call found no place: the limit may grow. */
  reach(): void
  /** A call has ended after `latencyMs` in this process. */
  record(round: number, latencyMs: number): void
}

/**
 * The gradient algorithm, with a target in place of a measured best latency. A round ends when half as many calls have ended as may work at once;
 * only calls that began in the round count, so that each change is seen before the next. Then
 *
 *     limit ← limit × clamp(target ÷ mean latency, ½, 1) + √limit
 *
 * √limit is the queue that the limit allows itself: small beside a large limit, enough to recover a small one. A limit that nobody reached does
 * not grow. At rest the mean latency is just above the target.
 *
 * On a slow disk a call takes long while nobody waits, too. So the target is at least twice the no-load latency: the lowest mean of the rounds in
 * which the limit was not reached, which drifts up by a thousandth with each that is higher.
 */
export function createGradientLimit(targetMs: number, most: number): GradientLimit {
  let limit = Math.min(first, most)
  let [round, ended, spentMs] = [0, 0, 0]
  let wasReached = false
  let noLoadMs = Number.POSITIVE_INFINITY
  return {
    get value() {
      return limit
    },
    get round() {
      return round
    },
    reach() {
      wasReached = true
    },
    record(began, latencyMs) {
      if (began !== round) return
      ended += 1
      spentMs += latencyMs
      if (ended < limit / 2) return
      const meanMs = spentMs / ended
      if (!wasReached) noLoadMs = Math.min(meanMs, noLoadMs * drift)
      const aimMs = Number.isFinite(noLoadMs) ? Math.max(targetMs, tolerance * noLoadMs) : targetMs
      const gradient = Math.max(steepest, Math.min(1, aimMs / meanMs))
      const next = limit * gradient + Math.sqrt(limit)
      if (next < limit || wasReached) limit = Math.min(most, Math.max(Math.min(least, most), next))
      round += 1
      ;[ended, spentMs, wasReached] = [0, 0, false]
    },
  }
}
