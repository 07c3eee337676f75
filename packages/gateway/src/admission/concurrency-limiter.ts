import type { Runtime } from '../runtime.ts'
import { type Call, createFairQueue, type Flow, type Slot } from './fair-queue.ts'
import { createGradientLimit, type GradientLimit } from './gradient-limit.ts'

export interface LimiterOptions {
  /** How long calls may spend in this process on average, and how long one may wait for its place. */
  readonly targetMs: number
  /** Calls that have begun and not ended, those included that wait for another service. */
  readonly mostInFlight: number
}

export interface ConcurrencyLimiter {
  /** Begins the call now or as soon as there is a place, or sheds it. `key` shares the places fairly: a merchant, or an address. */
  enter(key: string, call: Call): void
  /** How many calls may be worked on at once. */
  readonly limit: number
}

/**
 * Bounds how many calls are worked on at once, see {@link createGradientLimit}. A call without a place waits in a fair queue, see
 * {@link createFairQueue}, and is shed after the target, or half of it where its key has its share already. Of what may be in flight a key has at most as much as is still free (the dynamic threshold
 * of Choudhury and Hahne), so that a key whose calls hang leaves room for the others.
 */
export function createConcurrencyLimiter(
  { now, schedule }: Pick<Runtime, 'now' | 'schedule'>,
  { targetMs, mostInFlight }: LimiterOptions,
  gradient: GradientLimit = createGradientLimit(targetMs, mostInFlight),
): ConcurrencyLimiter {
  const queue = createFairQueue()
  let [working, inFlight] = [0, 0]
  let isSweeping = false
  const nowMs = (): number => now().getTime()

  /** Of what is in flight, shared equally by all keys. */
  const isBelowShare = (flow: Flow): boolean => flow.inFlight * queue.size() < inFlight
  const mayBegin = (flow: Flow): boolean => flow.inFlight < mostInFlight - inFlight
  const dispatch = (): void => {
    while (working < gradient.value) {
      const next = queue.take(mayBegin)
      if (next === undefined) return
      next.call.begin(begin(next.flow))
    }
  }

  const begin = (flow: Flow): Slot => {
    const { round } = gradient
    working += 1
    inFlight += 1
    flow.inFlight += 1
    return createSlot(nowMs, {
      leave() {
        working -= 1
        dispatch()
      },
      comeBack() {
        working += 1
      },
      end(latencyMs) {
        inFlight -= 1
        flow.inFlight -= 1
        queue.forgetIfEmpty(flow)
        gradient.record(round, latencyMs)
        dispatch()
      },
    })
  }

  const sweep = (): void => {
    isSweeping = false
    const atMs = nowMs()
    queue.shedSince((flow) => atMs - (isBelowShare(flow) ? targetMs : targetMs / 2))
    sweepLater()
  }
  const sweepLater = (): void => {
    if (isSweeping || queue.isEmpty()) return
    isSweeping = true
    schedule(targetMs / 4, sweep)
  }

  return {
    enter(key, call) {
      const flow = queue.add(key, call, nowMs())
      dispatch()
      if (flow.waiting.length === 0) return
      gradient.reach()
      if (flow.waiting.length > mostInFlight) queue.shedOldest(flow)
      sweepLater()
    },
    get limit() {
      return gradient.value
    },
  }
}

interface SlotEvents {
  /** The call holds no place until it comes back. */
  leave(): void
  comeBack(): void
  /** The call has ended, and holds no place. `latencyMs` is what it spent here. */
  end(latencyMs: number): void
}

function createSlot(nowMs: () => number, { leave, comeBack, end }: SlotEvents): Slot {
  let hereSinceMs = nowMs()
  let [latencyMs, awayCount] = [0, 0]
  let isReleased = false
  const goAway = (): void => {
    awayCount += 1
    if (awayCount > 1 || isReleased) return
    // A clock that was set back makes no call younger than it is.
    latencyMs += Math.max(0, nowMs() - hereSinceMs)
    leave()
  }
  return {
    async releaseSlotWhile(work) {
      goAway()
      try {
        return await work()
      } finally {
        awayCount -= 1
        if (awayCount === 0 && !isReleased) {
          hereSinceMs = nowMs()
          comeBack()
        }
      }
    },
    release() {
      if (isReleased) return
      // An answer may be given while the call still waits, which then goes on without a place.
      if (awayCount === 0) goAway()
      isReleased = true
      end(latencyMs)
    },
  }
}
