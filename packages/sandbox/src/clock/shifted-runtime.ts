import type { Runtime } from '@sspay/gateway'

/** A clock that runs as fast as the real one, and can be put elsewhere. */
export interface Clock {
  /** The real runtime but for its time: everything that is to live in this time gets this one. */
  readonly runtime: Runtime
  /** How far it is ahead of the real time; negative when it is behind. */
  readonly aheadMs: number
  /** Moves it so far ahead of the real time. What falls due by that runs at once. */
  moveTo(aheadMs: number): void
}

interface Sleeper {
  dueAt: number
  readonly work: () => void
  cancel: () => void
}

/**
 * Sleepers follow the clock when it is put forward. Put back, it leaves them what they had still to wait: a clock that goes back to
 * yesterday must not make anything wait for a day.
 */
export function createClock(real: Runtime): Clock {
  const sleepers = new Set<Sleeper>()
  let aheadMs = 0
  const now = (): number => real.now().getTime() + aheadMs

  const wait = (sleeper: Sleeper): void => {
    sleeper.cancel = real.schedule(Math.max(0, sleeper.dueAt - now()), () => {
      sleepers.delete(sleeper)
      sleeper.work()
    })
  }

  return {
    runtime: {
      ...real,
      now: () => new Date(now()),
      schedule(delayMs, work) {
        const sleeper: Sleeper = { dueAt: now() + delayMs, work, cancel: () => {} }
        sleepers.add(sleeper)
        wait(sleeper)
        return () => {
          sleepers.delete(sleeper)
          sleeper.cancel()
        }
      },
    },
    get aheadMs() {
      return aheadMs
    },
    moveTo(wantedMs) {
      const movedMs = wantedMs - aheadMs
      aheadMs = wantedMs
      for (const sleeper of sleepers) {
        sleeper.cancel()
        if (movedMs < 0) sleeper.dueAt += movedMs
        wait(sleeper)
      }
    },
  }
}
