import type { Runtime } from '../runtime.ts'

/** How many calls the gateway takes on at once, so that each of them is done in time. */
export interface Pace {
  /** Whether one more call would still be done in time. */
  hasRoom(): boolean
  /** A call runs until the returned function is called, once. */
  enter(): () => void
  /** While `work` runs, one of the calls waits for somebody else: that time is not the gateway's, and nobody is refused for it. */
  elsewhere<Result>(work: () => Promise<Result>): Promise<Result>
  /** From now on the bound follows how long calls take; before, there is none. */
  follow(): void
}

export interface PaceOptions {
  /** How long the gateway itself may take for a call on average, in milliseconds. */
  readonly calmMs: number
  /** No more than so many ever run. */
  readonly most: number
}

/** What is let in before anything is known: a burst of this size is done before anybody would call it slow. */
const firstBound = 64
/** Even on a machine that is too slow for its clients, so many run. */
const leastBound = 16
const sampleMs = 20
const growth = 1.05
const steepestCut = 0.5
/** A sample counts for a tenth; the others are what was known before. */
const memory = 0.9
/** After a cut its effect is waited for. */
const restSamples = 5
/** A call waits for the process before it is read, and once its card network has answered: nobody sees that wait but a timer, which is late by as much. */
const unseenWaits = 2

/**
 * The time of calls is known without a clock for each: how many are here, summed over time, divided by how many have left.
 */
export function createPace({ now, schedule }: Pick<Runtime, 'now' | 'schedule'>, { calmMs, most }: PaceOptions): Pace {
  const bound = createBound({ calmMs, most })
  let [running, here, left] = [0, 0, 0]
  let [spentMs, lateMs] = [0, 0]
  let changedAt = 0
  let isFollowing = false
  let isSampling = false

  const moveOn = (by: 1 | 0 | -1): void => {
    const at = now().getTime()
    // A clock that was set back must not make calls younger than they are.
    spentMs += Math.max(0, here) * Math.max(0, at - changedAt)
    changedAt = at
    here += by
  }

  const sample = (): void => {
    if (!isFollowing || isSampling) return
    isSampling = true
    const dueAt = now().getTime() + sampleMs
    schedule(sampleMs, () => {
      isSampling = false
      moveOn(0)
      lateMs += (1 - memory) * (Math.max(0, changedAt - dueAt) - lateMs)
      bound.adapt(spentMs / Math.max(left, 1) + unseenWaits * lateMs)
      left *= memory
      spentMs *= memory
      if (running > 0) sample()
    })
  }

  return {
    hasRoom: () => bound.isAbove(running, isFollowing),
    enter() {
      running += 1
      moveOn(1)
      sample()
      return () => {
        running -= 1
        left += 1
        moveOn(-1)
      }
    },
    async elsewhere(work) {
      moveOn(-1)
      try {
        return await work()
      } finally {
        moveOn(1)
      }
    },
    follow() {
      isFollowing = true
    },
  }
}

/** Cut while calls take longer than `calmMs`; while they do not, grows whenever it was reached, and back to what a burst needs. */
function createBound({ calmMs, most }: PaceOptions) {
  let bound = Math.min(most, firstBound)
  let resting = 0
  let wasReached = false
  return {
    isAbove(running: number, isFollowing: boolean): boolean {
      if (running < (isFollowing ? bound : most)) return true
      wasReached = true
      return false
    },
    adapt(tookMs: number): void {
      if (resting > 0) resting -= 1
      else if (tookMs > calmMs) {
        bound = Math.max(leastBound, bound * Math.max(steepestCut, calmMs / tookMs))
        resting = restSamples
      } else if (wasReached || bound < firstBound) bound = Math.min(most, bound * growth)
      wasReached = false
    },
  }
}
