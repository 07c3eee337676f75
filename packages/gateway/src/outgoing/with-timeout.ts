import type { Schedule } from './model.ts'

export interface Timeout {
  readonly schedule: Schedule
  readonly timeoutMs: number
  /** Frees what the work still holds; `cause` is the `TimeoutError`. */
  readonly stop: (cause: DOMException) => void
}

/** What `work` ends with, or a `TimeoutError` when it has not ended in time. */
export function withTimeout<Result>(work: Promise<Result>, { schedule, timeoutMs, stop }: Timeout): Promise<Result> {
  const { promise: timedOut, reject } = Promise.withResolvers<never>()
  const stopTimer = schedule(timeoutMs, () => {
    const cause = new DOMException(`no whole answer within ${timeoutMs} ms`, 'TimeoutError')
    reject(cause)
    stop(cause)
  })
  return Promise.race([work, timedOut]).finally(stopTimer)
}
