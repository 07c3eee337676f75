/** A clock that stands until it is moved, with the timers that become due on the way. */
export function steppedClock() {
  let nowMs = 0
  let timers: { readonly dueMs: number; readonly work: () => void }[] = []
  return {
    now: () => new Date(nowMs),
    schedule(delayMs: number, work: () => void) {
      const timer = { dueMs: nowMs + delayMs, work }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    advance(durationMs: number) {
      nowMs += durationMs
      const due = timers.filter(({ dueMs }) => dueMs <= nowMs)
      timers = timers.filter(({ dueMs }) => dueMs > nowMs)
      for (const { work } of due) work()
    },
  }
}
