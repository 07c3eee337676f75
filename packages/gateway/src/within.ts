import type { Runtime } from './runtime.ts'

type Timers = Pick<Runtime, 'schedule'>

/** Resolves as `work` does, or after `timeoutMs` with what `otherwise` returns; without it rejects then. The work goes on. */
export function within<Result>(
  runtime: Timers,
  timeoutMs: number,
  work: Promise<Result>,
  otherwise?: () => Result,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stop = runtime.schedule(timeoutMs, () =>
      otherwise === undefined ? reject(new Error(`no result within ${timeoutMs} ms`)) : resolve(otherwise()),
    )
    work.then(resolve, reject).finally(stop)
  })
}

export const pause = (runtime: Timers, durationMs: number): Promise<void> =>
  new Promise((resolve) => void runtime.schedule(durationMs, resolve))
