import type { Runtime } from '@sspay/gateway'

/** A clock with an offset to the real time. */
export interface Clock {
  /** The real runtime with the shifted time and timers. */
  readonly runtime: Runtime
  /** Offset to the real time; negative when behind. */
  readonly aheadMs: number
  /** Sets the offset. Timers that become due run at once. */
  setAhead(aheadMs: number): void
}

interface Timer {
  dueAt: number
  readonly work: () => void
  cancel: () => void
}

/**
 * Moving the clock forward shortens the timers. Moving it back keeps their remaining time: a timer must not wait a day
 * longer because the clock went back a day.
 */
export function createClock(real: Runtime): Clock {
  const timers = new Set<Timer>()
  let aheadMs = 0
  const now = (): number => real.now().getTime() + aheadMs

  const wait = (timer: Timer): void => {
    timer.cancel = real.schedule(Math.max(0, timer.dueAt - now()), () => {
      timers.delete(timer)
      timer.work()
    })
  }

  return {
    runtime: {
      ...real,
      now: () => new Date(now()),
      wallClock: real.now,
      schedule(delayMs, work) {
        const timer: Timer = { dueAt: now() + delayMs, work, cancel: () => {} }
        timers.add(timer)
        wait(timer)
        return () => {
          timers.delete(timer)
          timer.cancel()
        }
      },
    },
    get aheadMs() {
      return aheadMs
    },
    setAhead(wantedMs) {
      const movedMs = wantedMs - aheadMs
      aheadMs = wantedMs
      for (const timer of timers) {
        timer.cancel()
        if (movedMs < 0) timer.dueAt += movedMs
        wait(timer)
      }
    },
  }
}
