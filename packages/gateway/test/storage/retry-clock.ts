import { type Runtime, realRuntime } from '../../src/runtime.ts'

/** Only pauses between retries take time on this clock: a retry budget counts retries, however busy the machine is. */
export function createRetryClock(): Pick<Runtime, 'now' | 'schedule'> {
  let nowMs = 0
  return {
    now: () => new Date(nowMs),
    schedule(delayMs, work) {
      const dueMs = nowMs + delayMs
      return realRuntime.schedule(delayMs, () => {
        nowMs = Math.max(nowMs, dueMs)
        work()
      })
    },
  }
}
