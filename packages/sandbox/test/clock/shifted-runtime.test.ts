import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Runtime, realRuntime } from '@sspay/gateway'
import { readDuration } from '@sspay/gateway/tools'
import { readMoment } from '../../src/clock/command.ts'
import { createClock } from '../../src/clock/shifted-runtime.ts'

/** A real time that passes when the test says so. */
function createRealTime() {
  let nowMs = Date.parse('2026-01-01T00:00:00Z')
  const timers = new Set<{ readonly atMs: number; readonly work: () => void }>()
  const runtime: Runtime = {
    ...realRuntime,
    now: () => new Date(nowMs),
    schedule(delayMs, work) {
      const timer = { atMs: nowMs + delayMs, work }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
  }
  const pass = (durationMs: number): void => {
    nowMs += durationMs
    for (const timer of [...timers].filter(({ atMs }) => atMs <= nowMs)) {
      timers.delete(timer)
      timer.work()
    }
  }
  return { runtime, pass, waiting: () => timers.size }
}

test('a clock put forward wakes what has fallen due, and shortens the sleep of the others', () => {
  const real = createRealTime()
  const { runtime, setAhead } = createClock(real.runtime)
  const woken: string[] = []
  for (const [name, delayMs] of [
    ['soon', 2_000],
    ['later', 90_000],
    ['cancelled', 1_000],
  ] as const) {
    const cancel = runtime.schedule(delayMs, () => woken.push(name))
    if (name === 'cancelled') cancel()
  }
  setAhead(60_000)
  assert.equal(runtime.now().toISOString(), '2026-01-01T00:01:00.000Z')
  real.pass(0)
  assert.deepEqual(woken, ['soon'])
  real.pass(29_999)
  assert.deepEqual(woken, ['soon'])
  real.pass(1)
  assert.deepEqual(woken, ['soon', 'later'])
  assert.equal(real.waiting(), 0)
})

test('a clock put back keeps nobody waiting longer', () => {
  const real = createRealTime()
  const { runtime, setAhead } = createClock(real.runtime)
  setAhead(25 * 3_600_000)
  let isWoken = false
  runtime.schedule(2_000, () => {
    isWoken = true
  })
  real.pass(500)
  setAhead(0)
  assert.equal(runtime.now().toISOString(), '2026-01-01T00:00:00.500Z')
  real.pass(1_500)
  assert.equal(isWoken, true)
})

test('what is woken may sleep again in the new time', () => {
  const real = createRealTime()
  const { runtime, setAhead } = createClock(real.runtime)
  const rounds: number[] = []
  const round = (): void => {
    rounds.push(runtime.now().getTime())
    runtime.schedule(1_000, round)
  }
  runtime.schedule(1_000, round)
  setAhead(600_000)
  real.pass(0)
  real.pass(1_000)
  assert.equal(rounds.length, 2)
})

const durations: readonly (readonly [string, number | undefined])[] = [
  ['90s', 90_000],
  ['11m', 660_000],
  ['25h', 90_000_000],
  ['2d', 172_800_000],
  ['1h30m', 5_400_000],
  ['', undefined],
  ['90', undefined],
  ['-5m', undefined],
  ['1.5h', undefined],
  ['1w', undefined],
]
for (const [text, expected] of durations)
  test(`a duration: ${text || 'nothing'}`, () => assert.equal(readDuration(text), expected))

const moments: readonly (readonly [string, string | undefined])[] = [
  ['2030-12-31T09:00:00+09:00', '2030-12-31T00:00:00.000Z'],
  ['2030-12-31 09:00', '2030-12-31T00:00:00.000Z'],
  ['2030-12-31', '2030-12-30T15:00:00.000Z'],
  ['20301231090000', '2030-12-31T00:00:00.000Z'],
  ['2030-12-31T00:00:00.500Z', '2030-12-31T00:00:00.500Z'],
  ['2030-06-31', undefined],
  ['2030-13-01', undefined],
  ['2030-12-31 25:00', undefined],
  ['20301331090000', undefined],
  ['tomorrow', undefined],
]
for (const [text, expected] of moments)
  test(`a moment: ${text}`, () => assert.equal(readMoment(text)?.toISOString(), expected))
