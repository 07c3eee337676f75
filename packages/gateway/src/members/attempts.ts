/** Wrong payment passwords until the lock. */
export const mostAttempts = 5

/** A wrong password is forgotten after a day. */
export const attemptLifeMs = 24 * 60 * 60_000

export interface Attempts {
  readonly failed: number
  /** The oldest of them is forgotten a day after this moment. */
  readonly decayFrom: number
}

/**
 * Leaky bucket: wrong passwords fill it, and one a day leaks out. A right password takes back only its own try. If it emptied the bucket, a
 * thief could guess four times before each payment of the member and never meet the lock; this way a sixth guess costs a day, whoever pays
 * in between. A full bucket is the lock and leaks no more: only a new identity verification ends it.
 */
export function countAttempt({ failed, decayFrom }: Attempts, now: number): Attempts {
  const forgotten = Math.max(0, Math.floor((now - decayFrom) / attemptLifeMs))
  if (failed <= forgotten) return { failed: 1, decayFrom: now }
  return { failed: failed - forgotten + 1, decayFrom: decayFrom + forgotten * attemptLifeMs }
}
