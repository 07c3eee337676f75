import { type Runtime, realRuntime } from '@sspay/gateway'
import { askConsole } from '../command-line/ask-console.ts'
import type { ClockReading } from './route.ts'
import { createClock } from './shifted-runtime.ts'

/** Forms are dated by the clock of the sandbox that they go to; another gateway has the real time. */
export async function runtimeAt(consoleUrl: string): Promise<Runtime> {
  const answer = await askConsole<Partial<ClockReading>>(`${consoleUrl}/sandbox/clock`)
  const clock = createClock(realRuntime)
  clock.moveTo(answer?.json.aheadMs ?? 0)
  return clock.runtime
}
