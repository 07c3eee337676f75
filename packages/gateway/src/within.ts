/**
 * Runs `work` once after `delayMs`; the returned function cancels it. Unless `isAwaited`, the timer does not keep the
 * process alive.
 */
export type Schedule = (delayMs: number, work: () => void, isAwaited?: boolean) => () => void

interface Timers {
  readonly schedule: Schedule
}

/**
 * Resolves or rejects as `work` does, or rejects with a `TimeoutError` after `timeoutMs`. The work continues.
 *
 * @param onTimeout frees resources that `work` still holds; gets the error
 */
export function within<Result>(
  { schedule }: Timers,
  timeoutMs: number,
  work: Promise<Result>,
  onTimeout?: (error: DOMException) => void,
): Promise<Result> {
  const { promise: timedOut, reject } = Promise.withResolvers<never>()
  const cancelTimer = schedule(timeoutMs, () => {
    const error = new DOMException(`no whole answer within ${timeoutMs} ms`, 'TimeoutError')
    reject(error)
    onTimeout?.(error)
  })
  return Promise.race([work, timedOut]).finally(cancelTimer)
}

/** Resolves or rejects as `work` does, or with `fallback` after `timeoutMs`. The work continues. */
export function withinOr<Result>(
  { schedule }: Timers,
  timeoutMs: number,
  work: Promise<Result>,
  fallback: () => Result,
): Promise<Result> {
  const { promise: timedOut, resolve } = Promise.withResolvers<Result>()
  const cancelTimer = schedule(timeoutMs, () => resolve(fallback()))
  return Promise.race([work, timedOut]).finally(cancelTimer)
}

export const pause = ({ schedule }: Timers, durationMs: number): Promise<void> =>
  new Promise((resolve) => void schedule(durationMs, resolve, true))
