import type { Runtime } from '@sspay/gateway'

/** Waits, or until one of the signals aborts. */
export function pause(runtime: Runtime, delayMs: number, ends: readonly AbortSignal[]): Promise<void> {
  const ended = AbortSignal.any([...ends])
  if (ended.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const stop = (): void => {
      cancel()
      ended.removeEventListener('abort', stop)
      resolve()
    }
    const cancel = runtime.schedule(delayMs, stop)
    ended.addEventListener('abort', stop)
  })
}
