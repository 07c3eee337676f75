import { setImmediate as nextTurn } from 'node:timers/promises'
import { createConcurrencyLimiter } from '../../src/admission/concurrency-limiter.ts'
import type { Slot } from '../../src/admission/fair-queue.ts'
import { createGradientLimit } from '../../src/admission/gradient-limit.ts'
import type { Runtime } from '../../src/runtime.ts'

const targetLatencyMs = 40
const mostInFlight = 1_000

/** Calls that this server ends in a millisecond when it does nothing else. */
export const callsPerMs = 2

/** A limiter as it is, or with a bug on purpose. */
export type MakeLimiter = (clock: Pick<Runtime, 'now' | 'schedule'>) => ReturnType<typeof createConcurrencyLimiter>

export const asItIs: MakeLimiter = (clock) => createConcurrencyLimiter(clock, { targetLatencyMs, mostInFlight })

export const injectedBugs = {
  'no fair share': (clock) => {
    const limiter = asItIs(clock)
    return { ...limiter, enter: (_key, call) => limiter.enter('everybody', call) }
  },
  'no recovery after a stall': (clock) => {
    const gradient = createGradientLimit(targetLatencyMs, mostInFlight)
    const stuck = {
      get value() {
        return gradient.value
      },
      get round() {
        return gradient.round
      },
      record: gradient.record,
      reach() {},
    }
    return createConcurrencyLimiter(clock, { targetLatencyMs, mostInFlight }, stuck)
  },
  'no limit': (clock) => {
    const none = { value: mostInFlight, round: 0, record() {}, reach() {} }
    return createConcurrencyLimiter(clock, { targetLatencyMs, mostInFlight }, none)
  },
} as const satisfies Readonly<Record<string, MakeLimiter>>

export interface SimulatedLoad {
  readonly durationMs: number
  /** Calls that come in a millisecond, by key; parts of a call add up over time. */
  arrivals(atMs: number): Readonly<Record<string, number>>
  /** The share of its time that the server has at this moment; 1 when absent. */
  readonly speed?: (atMs: number) => number
  /** How long a commit takes, beside the others, in milliseconds; 8 when absent. */
  readonly commitMs?: number
  /** How long the other service takes for a call of this key, in milliseconds; 50 when absent. */
  readonly networkMs?: (key: string) => number
}

export interface Outcome {
  readonly key: string
  readonly cameAtMs: number
  readonly endedAtMs: number
  readonly wasShed: boolean
}

/**
 * A call needs the server and a commit, then another service, then both again. The server takes what is to be done in
 * order, half a call at a time.
 */
export async function simulateLoad(load: SimulatedLoad, makeLimiter: MakeLimiter): Promise<readonly Outcome[]> {
  const { arrivals, durationMs, speed = () => 1, commitMs = 8, networkMs = () => 50 } = load
  let atMs = 0
  let timers: { readonly dueAt: number; readonly work: () => void }[] = []
  const schedule = (delayMs: number, work: () => void) => {
    const timer = { dueAt: atMs + delayMs, work }
    timers.push(timer)
    return () => {
      timers = timers.filter((one) => one !== timer)
    }
  }
  const limiter = makeLimiter({ now: () => new Date(atMs), schedule })
  const outcomes: Outcome[] = []
  const toDo: (() => void)[] = []
  const halfACall = async (): Promise<void> => {
    await new Promise<void>((resolve) => toDo.push(resolve))
    await new Promise<void>((resolve) => schedule(commitMs, resolve))
  }

  const come = (key: string): void => {
    const cameAtMs = atMs
    const end = (wasShed: boolean) => void outcomes.push({ key, cameAtMs, endedAtMs: atMs, wasShed })
    const work = async (slot: Slot): Promise<void> => {
      await halfACall()
      await slot.excludeWait(() => new Promise<void>((resolve) => schedule(networkMs(key), resolve)))
      await halfACall()
      slot.release()
      end(false)
    }
    limiter.enter(key, { begin: (slot) => void work(slot), shed: () => end(true), isGone: () => false })
  }

  const owed = new Map<string, number>()
  let spare = 0
  for (; atMs < durationMs; atMs++) {
    const due = timers.filter(({ dueAt }) => dueAt <= atMs)
    timers = timers.filter(({ dueAt }) => dueAt > atMs)
    for (const { work } of due) work()
    for (const [key, count] of Object.entries(arrivals(atMs))) {
      let calls = (owed.get(key) ?? 0) + count
      for (; calls >= 1; calls--) come(key)
      owed.set(key, calls)
    }
    spare = Math.min(spare + 2 * callsPerMs * speed(atMs), 2 * callsPerMs)
    for (; spare >= 1 && toDo.length > 0; spare--) toDo.shift()?.()
    await nextTurn()
  }
  return outcomes
}

const within = (from: number, to: number) => (outcome: Outcome) => outcome.cameAtMs >= from && outcome.cameAtMs < to

/** Calls ended, not shed, per second of the given time, as a part of what the server could end. */
export function goodput(outcomes: readonly Outcome[], from: number, to: number): number {
  const ended = outcomes.filter((one) => !one.wasShed && one.endedAtMs >= from && one.endedAtMs < to)
  return ended.length / ((to - from) * callsPerMs)
}

/** The part of the calls of these keys that was shed. */
export function lossOf(outcomes: readonly Outcome[], keys: readonly string[], from = 0, to = Number.POSITIVE_INFINITY) {
  const theirs = outcomes.filter(within(from, to)).filter(({ key }) => keys.includes(key))
  return theirs.filter(({ wasShed }) => wasShed).length / theirs.length
}

/** In milliseconds, of calls that were not shed. */
export function p99(outcomes: readonly Outcome[], from = 0, to = Number.POSITIVE_INFINITY): number {
  const took = outcomes.filter(within(from, to)).filter(({ wasShed }) => !wasShed)
  const sorted = took.map(({ cameAtMs, endedAtMs }) => endedAtMs - cameAtMs).sort((one, other) => one - other)
  return sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN
}
