import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  asItIs,
  callsPerMs,
  goodput,
  injectedBugs,
  lossOf,
  type MakeLimiter,
  p99,
  type SimulatedLoad,
  simulateLoad,
} from './simulated-load.ts'

const idleMs = 66
/** Waiting for a place, and both halves of a call on average: each at most the target, with room for the spread. */
const latestMs = 3 * idleMs

interface Property {
  readonly load: SimulatedLoad
  holds(outcomes: Awaited<ReturnType<typeof simulateLoad>>): void
}

const others = ['b', 'c', 'd']
const flood = 10 * callsPerMs

const properties: Readonly<Record<string, Property>> = {
  'below capacity nothing is shed': {
    load: { durationMs: 1_500, arrivals: () => ({ a: 0.8 * callsPerMs }) },
    holds(outcomes) {
      assert.equal(lossOf(outcomes, ['a']), 0)
      assert.ok(p99(outcomes) <= idleMs + 10, `${p99(outcomes)}`)
    },
  },
  'a step to ten times the capacity': {
    load: { durationMs: 2_000, arrivals: (atMs) => ({ a: atMs < 500 ? 0.5 * callsPerMs : flood }) },
    holds(outcomes) {
      assert.ok(goodput(outcomes, 700, 2_000) >= 0.95, `goodput ${goodput(outcomes, 700, 2_000)}`)
      assert.ok(p99(outcomes) <= latestMs, `p99 ${p99(outcomes)}`)
    },
  },
  'a ramp from nothing to ten times the capacity': {
    load: { durationMs: 3_000, arrivals: (atMs) => ({ a: (flood * atMs) / 3_000 }) },
    holds(outcomes) {
      assert.ok(goodput(outcomes, 600, 3_000) >= 0.95, `goodput ${goodput(outcomes, 600, 3_000)}`)
      assert.ok(p99(outcomes) <= latestMs, `p99 ${p99(outcomes)}`)
    },
  },
  'a sawtooth between half and five times the capacity': {
    load: { durationMs: 4_000, arrivals: (atMs) => ({ a: (atMs % 1_000 < 500 ? 0.5 : 5) * callsPerMs }) },
    holds(outcomes) {
      for (let valley = 1_000; valley < 4_000; valley += 1_000) {
        assert.equal(lossOf(outcomes, ['a'], valley + 100, valley + 500), 0, `valley at ${valley}`)
        const peak = goodput(outcomes, valley + 650, valley + 1_000)
        assert.ok(peak >= 0.9, `goodput ${peak} in the peak after ${valley}`)
      }
      assert.ok(p99(outcomes) <= latestMs, `p99 ${p99(outcomes)}`)
    },
  },
  'one key at ten times the capacity does not starve the others': {
    load: { durationMs: 2_500, arrivals: () => ({ a: flood, b: 0.2, c: 0.1, d: 0.1 }) },
    holds(outcomes) {
      assert.ok(lossOf(outcomes, others) < 0.05, `loss ${lossOf(outcomes, others)}`)
      assert.ok(goodput(outcomes, 500, 2_500) >= 0.95)
    },
  },
  'a key whose calls hang in the other service leaves room': {
    load: {
      durationMs: 2_000,
      arrivals: () => ({ a: callsPerMs, b: 0.5 }),
      networkMs: (key) => (key === 'a' ? 7_000 : 50),
    },
    holds: (outcomes) => assert.equal(lossOf(outcomes, ['b']), 0),
  },
  'after stalls everything goes on': {
    load: {
      durationMs: 3_500,
      arrivals: () => ({ a: 2 * callsPerMs }),
      speed: (atMs) => (atMs < 2_000 && atMs % 400 > 200 ? 0 : 1),
    },
    holds: (outcomes) =>
      assert.ok(goodput(outcomes, 2_500, 3_500) >= 0.95, `goodput ${goodput(outcomes, 2_500, 3_500)}`),
  },
  'a slow disk is not taken for overload': {
    load: { durationMs: 4_000, commitMs: 30, arrivals: (atMs) => ({ a: atMs < 1_500 ? 0.2 * callsPerMs : flood }) },
    holds: (outcomes) =>
      assert.ok(goodput(outcomes, 2_500, 4_000) >= 0.9, `goodput ${goodput(outcomes, 2_500, 4_000)}`),
  },
  'a server at a quarter of its speed keeps its latency': {
    load: { durationMs: 4_000, arrivals: () => ({ a: flood }), speed: () => 0.25 },
    holds(outcomes) {
      assert.ok(goodput(outcomes, 500, 4_000) >= 0.23, `goodput ${goodput(outcomes, 500, 4_000)}`)
      assert.ok(p99(outcomes, 1_000) <= latestMs, `p99 ${p99(outcomes, 1_000)}`)
    },
  },
}

const check = async ({ load, holds }: Property, makeLimiter: MakeLimiter): Promise<void> =>
  holds(await simulateLoad(load, makeLimiter))

describe('the concurrency limiter', () => {
  for (const [name, property] of Object.entries(properties)) test(name, () => check(property, asItIs))
})

const finders: Readonly<Record<keyof typeof injectedBugs, string>> = {
  'no fair share': 'one key at ten times the capacity does not starve the others',
  'no recovery after a stall': 'after stalls everything goes on',
  'no limit': 'a step to ten times the capacity',
}

describe('bugs on purpose are found', () => {
  for (const [bug, makeLimiter] of Object.entries(injectedBugs))
    test(bug, () => assert.rejects(check(properties[finders[bug as keyof typeof finders]] as Property, makeLimiter)))
})
