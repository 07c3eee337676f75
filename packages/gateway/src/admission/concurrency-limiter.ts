import type { Runtime } from '../runtime.ts'
import { type Call, createFairQueue, type Flow, type Slot } from './fair-queue.ts'
import { createGradientLimit, type GradientLimit } from './gradient-limit.ts'

export interface LimiterOptions {
  /** Target of the mean latency, and the longest wait for a slot. */
  readonly targetLatencyMs: number
  /** Calls that have begun and not ended, including those that wait for another service. */
  readonly mostInFlight: number
}

/**
 * Concurrency limiter with load shedding. An adaptive limit ({@link createGradientLimit}) bounds the calls that run at
 * once; the others wait in a fair queue ({@link createFairQueue}) and are shed after the target latency, or after half
 * of it if their key already has its fair share.
 *
 * Calls that wait for another service hold no slot but stay in flight. A key may have at most as many in flight as are
 * still free (the dynamic threshold of Choudhury and Hahne), so one key whose calls hang cannot starve the others.
 */
export function createConcurrencyLimiter(
  { now, schedule }: Pick<Runtime, 'now' | 'schedule'>,
  { targetLatencyMs, mostInFlight }: LimiterOptions,
  gradient: GradientLimit = createGradientLimit(targetLatencyMs, mostInFlight),
) {
  const queue = createFairQueue()
  let [running, inFlight] = [0, 0]
  let isSweeping = false
  const nowMs = (): number => now().getTime()

  /** Below an equal share of all calls in flight. */
  const isBelowShare = (flow: Flow): boolean => flow.inFlight * queue.size() < inFlight
  const mayBegin = (flow: Flow): boolean => flow.inFlight < mostInFlight - inFlight
  const dispatch = (): void => {
    while (running < gradient.value) {
      const next = queue.take(mayBegin)
      if (next === undefined) return
      next.call.begin(begin(next.flow))
    }
  }

  const begin = (flow: Flow): Slot => {
    const { round } = gradient
    running += 1
    inFlight += 1
    flow.inFlight += 1
    return createSlot(nowMs, {
      pause() {
        running -= 1
        dispatch()
      },
      resume() {
        running += 1
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
    queue.shedSince((flow) => atMs - (isBelowShare(flow) ? targetLatencyMs : targetLatencyMs / 2))
    sweepLater()
  }
  const sweepLater = (): void => {
    if (isSweeping || queue.isEmpty()) return
    isSweeping = true
    schedule(targetLatencyMs / 4, sweep)
  }

  return {
    /**
     * Begins the call once a slot is free, or sheds it. Slots are shared fairly between keys (merchants or addresses).
     */
    enter(key: string, call: Call): void {
      const flow = queue.add(key, call, nowMs())
      dispatch()
      if (flow.waiting.length === 0) return
      gradient.reach()
      if (flow.waiting.length > mostInFlight) queue.shedOldest(flow)
      sweepLater()
    },
    /** How many calls may run at once. */
    get limit() {
      return gradient.value
    },
  }
}

interface SlotEvents {
  pause(): void
  resume(): void
  /** After {@link pause}. `latencyMs` excludes the waits. */
  end(latencyMs: number): void
}

function createSlot(nowMs: () => number, { pause, resume, end }: SlotEvents): Slot {
  let runningSinceMs = nowMs()
  let [latencyMs, waits] = [0, 0]
  let isReleased = false
  const startWait = (): void => {
    waits += 1
    if (waits > 1 || isReleased) return
    // The clock may have been set back.
    latencyMs += Math.max(0, nowMs() - runningSinceMs)
    pause()
  }
  return {
    async excludeWait(work) {
      startWait()
      try {
        return await work()
      } finally {
        waits -= 1
        if (waits === 0 && !isReleased) {
          runningSinceMs = nowMs()
          resume()
        }
      }
    },
    release() {
      if (isReleased) return
      // The answer may be sent before a wait ends; the rest of the call then runs without a slot.
      if (waits === 0) startWait()
      isReleased = true
      end(latencyMs)
    },
  }
}
