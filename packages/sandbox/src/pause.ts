import { type Runtime, realRuntime } from '@sspay/gateway'
import type { ClockReading } from './clock/route.ts'
import { createClock } from './clock/shifted-runtime.ts'
import { askConsole } from './command-line/ask-console.ts'

/** The clock of that sandbox, which dates payment requests; the real time for another gateway. */
export async function runtimeAt(consoleUrl: string): Promise<Runtime> {
  const answer = await askConsole<Partial<ClockReading>>(`${consoleUrl}/sandbox/clock`)
  const clock = createClock(realRuntime)
  clock.setAhead(answer?.json.aheadMs ?? 0)
  return clock.runtime
}

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
