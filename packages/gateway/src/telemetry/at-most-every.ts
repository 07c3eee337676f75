import type { Runtime } from '../runtime.ts'

/** Asks once in `keptMs`, however many want to know: all get the same answer, a failure too. By timers: the clock may be set. */
export function atMostEvery<Result>(
  runtime: Pick<Runtime, 'schedule'>,
  keptMs: number,
  ask: () => Promise<Result>,
): () => Promise<Result> {
  let kept: Promise<Result> | undefined
  const forgetLater = (): void => {
    runtime.schedule(keptMs, () => {
      kept = undefined
    })
  }
  return () => {
    if (kept === undefined) {
      kept = ask()
      kept.then(forgetLater, forgetLater)
    }
    return kept
  }
}
