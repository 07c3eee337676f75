/** Runs `work` once after `delayMs`; the returned function cancels it. */
export type Schedule = (delayMs: number, work: () => void) => () => void

/**
 * Settles as `work` does, or rejects with a `TimeoutError` after `timeoutMs`.
 *
 * @param onTimeout frees resources that `work` still holds; gets the error
 */
export function within<Result>(
  { schedule }: { readonly schedule: Schedule },
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
