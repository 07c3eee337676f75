import type { Context } from './context.ts'

export type BackgroundJob = () => Promise<void>

/**
 * Runs each job now, and again `everyMs` after it has ended, independently of the others. The returned function stops
 * them and waits for the runs in progress.
 */
export function startBackgroundJobs(
  { runtime, log }: Pick<Context, 'runtime' | 'log'>,
  everyMs: number,
  jobs: readonly BackgroundJob[],
): () => Promise<void> {
  const stops = jobs.map((job) => {
    let isStopped = false
    let cancelNext = (): void => {}
    let current = Promise.resolve()
    const run = (): void => {
      current = job()
        .catch((cause) => log.error('background_job_failed', { cause }))
        .then(() => {
          if (!isStopped) cancelNext = runtime.schedule(everyMs, run)
        })
    }
    run()
    return (): Promise<void> => {
      isStopped = true
      cancelNext()
      return current
    }
  })
  return async () => void (await Promise.all(stops.map((stop) => stop())))
}
