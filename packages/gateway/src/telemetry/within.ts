import type { Runtime } from '../runtime.ts'

/** What `work` comes to; rejects after `timeoutMs` without waiting for it any longer. */
export function within<Result>(
  runtime: Pick<Runtime, 'schedule'>,
  timeoutMs: number,
  work: Promise<Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stopWaiting = runtime.schedule(timeoutMs, () => reject(new Error(`nothing after ${timeoutMs} ms`)))
    work.then(resolve, reject).finally(stopWaiting)
  })
}
