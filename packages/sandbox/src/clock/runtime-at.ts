import { type Runtime, realRuntime } from '@sspay/gateway'
import { askConsole } from '../command-line/ask-console.ts'
import type { ClockReading } from './route.ts'
import { createClock } from './shifted-runtime.ts'

/** The clock of that sandbox, which dates payment requests; the real time for another gateway. */
export async function runtimeAt(consoleUrl: string): Promise<Runtime> {
  const answer = await askConsole<Partial<ClockReading>>(`${consoleUrl}/sandbox/clock`)
  const clock = createClock(realRuntime)
  clock.setAhead(answer?.json.aheadMs ?? 0)
  return clock.runtime
}
