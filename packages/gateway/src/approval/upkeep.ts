import type { Context } from '../context.ts'

/** Work that somebody has to come back to: what was left open, what stayed unanswered. */
export type Upkeep = () => Promise<void>

/**
 * Does each work now, and again `everyMs` after it has ended; none waits for another. The returned function stops them and waits for
 * what still runs.
 */
export function startUpkeep(
  context: Pick<Context, 'runtime' | 'log'>,
  everyMs: number,
  works: readonly Upkeep[],
): () => Promise<void> {
  const stops = works.map((work) => startOne(context, everyMs, work))
  return async () => void (await Promise.all(stops.map((stop) => stop())))
}

function startOne({ runtime, log }: Pick<Context, 'runtime' | 'log'>, everyMs: number, work: Upkeep) {
  let isStopped = false
  let cancelNext = (): void => {}
  let round = Promise.resolve()

  const run = (): void => {
    round = work()
      .catch((cause) => log.error('upkeep_failed', { cause }))
      .then(() => {
        if (!isStopped) cancelNext = runtime.schedule(everyMs, run)
      })
  }
  run()

  return (): Promise<void> => {
    isStopped = true
    cancelNext()
    return round
  }
}
