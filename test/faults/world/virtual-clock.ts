/** Time that passes only when nothing else can happen, so that days take seconds and the same run always goes the same way. */
export interface VirtualClock {
  now(): Date
  /** Runs `work` once after `delayMs`; the returned function stops it. */
  schedule(delayMs: number, work: () => void): () => void
  sleep(durationMs: number): Promise<void>
  /** The time of day leaps, back when negative; timers, as on a real machine, do not notice. */
  leap(durationMs: number): void
  /** How long it has run, leaps left out. */
  passedMs(): number
  /** How long the time of day has gone on without a leap. */
  sinceLeapMs(): number
  /** Once nothing else moves, time stands still until `work`, which waits for the real disk, is done. */
  standStill(work: () => Promise<void>): void
  /** Lets time pass until `isOver`; false when nothing is left that could happen. */
  run(isOver: () => boolean): Promise<boolean>
}

interface Timer {
  readonly dueMs: number
  readonly number: number
  work: (() => void) | undefined
}

/** Nothing in this world waits for anything but the clock and the next turn of the event loop. */
const isFinished = (): boolean => !process.getActiveResourcesInfo().includes('Immediate')

/** Timers fire together on a tick, so that requests of the same moment share a commit as they do in life. */
const tickMs = 25

export function createVirtualClock(start: Date): VirtualClock {
  let passedMs = 0
  let leaptMs = 0
  let leaptAtMs = 0
  let scheduled = 0
  const standing: (() => Promise<void>)[] = []
  const timers = createQueue()

  const schedule = (delayMs: number, work: () => void): (() => void) => {
    const dueMs = Math.ceil((passedMs + Math.max(1, delayMs)) / tickMs) * tickMs
    const timer: Timer = { dueMs, number: scheduled++, work }
    timers.push(timer)
    return () => {
      timer.work = undefined
    }
  }

  const turn = (): Promise<void> => new Promise(setImmediate)
  const recordOutcome = async (): Promise<void> => {
    await turn()
    while (!isFinished()) await turn()
  }

  return {
    now: () => new Date(start.getTime() + passedMs + leaptMs),
    schedule,
    sleep: (durationMs) => new Promise((resolve) => schedule(durationMs, resolve)),
    leap(durationMs) {
      leaptMs += durationMs
      leaptAtMs = passedMs
    },
    passedMs: () => passedMs,
    sinceLeapMs: () => passedMs - leaptAtMs,
    standStill: (work) => void standing.push(work),
    async run(isOver) {
      for (;;) {
        await recordOutcome()
        for (const work of standing.splice(0)) {
          await work()
          await recordOutcome()
        }
        if (isOver()) return true
        const next = timers.peek()
        if (next === undefined) return isOver()
        passedMs = next.dueMs
        for (let due = timers.peek(); due !== undefined && due.dueMs <= passedMs; due = timers.peek()) {
          timers.pop()
          due.work?.()
        }
      }
    },
  }
}

/** A binary heap; timers that were stopped fall out when they come to the top. */
function createQueue() {
  const heap: Timer[] = []
  const isBefore = (a: Timer, b: Timer): boolean => a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.number < b.number)
  const at = (index: number): Timer => heap[index] as Timer

  const swapIfBefore = (lower: number, upper: number): boolean => {
    if (!isBefore(at(lower), at(upper))) return false
    const kept = at(lower)
    heap[lower] = at(upper)
    heap[upper] = kept
    return true
  }

  const pop = (): void => {
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    heap[0] = last
    for (let index = 0; ; ) {
      const left = 2 * index + 1
      if (left >= heap.length) return
      const right = left + 1
      const smaller = right < heap.length && isBefore(at(right), at(left)) ? right : left
      if (!swapIfBefore(smaller, index)) return
      index = smaller
    }
  }

  return {
    push(timer: Timer): void {
      heap.push(timer)
      for (let index = heap.length - 1; index > 0; ) {
        const parent = (index - 1) >> 1
        if (!swapIfBefore(index, parent)) return
        index = parent
      }
    },
    peek(): Timer | undefined {
      while (heap[0] !== undefined && heap[0].work === undefined) pop()
      return heap[0]
    },
    pop,
  }
}
