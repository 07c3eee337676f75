import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createPace, type Pace } from '../../src/http/pace.ts'

const calmMs = 50
const firstBound = 64
const leastBound = 16

/** A clock whose timers run when it is advanced over them, `lateMs` too late. */
function manualTime() {
  let nowMs = 1_000_000
  let timers: { readonly dueAt: number; readonly work: () => void }[] = []
  const time = {
    lateMs: 0,
    now: () => new Date(nowMs),
    schedule(delayMs: number, work: () => void) {
      timers.push({ dueAt: nowMs + delayMs, work })
      return () => {}
    },
    advance(durationMs: number) {
      for (const end = nowMs + durationMs; nowMs < end; nowMs++) {
        const due = timers.filter(({ dueAt }) => dueAt + time.lateMs <= nowMs)
        timers = timers.filter((timer) => !due.includes(timer))
        for (const { work } of due) work()
      }
    },
    timers: () => timers.length,
  }
  return time
}

function openPace(most = 1_000) {
  const time = manualTime()
  const pace = createPace(time, { calmMs, most })
  pace.follow()
  return { time, pace }
}

/** As many as are let in, for the time given, again and again; who is refused asks again as well. */
function flood(pace: Pace, time: ReturnType<typeof manualTime>, { callMs, times }: { callMs: number; times: number }) {
  let admitted = 0
  for (let round = 0; round < times; round++) {
    const leaves: (() => void)[] = []
    while (pace.hasRoom()) leaves.push(pace.enter())
    admitted = leaves.length
    time.advance(callMs)
    for (const leave of leaves) leave()
  }
  return admitted
}

describe('the pace of calls', () => {
  test('lets everybody in as long as nobody follows it', () => {
    const pace = createPace(manualTime(), { calmMs, most: 1_000 })
    for (let call = 0; call < 1_000; call++) {
      assert.ok(pace.hasRoom())
      pace.enter()
    }
    assert.ok(!pace.hasRoom())
  })

  test('a burst is let in up to the first bound, and one more for each that leaves', () => {
    const { pace } = openPace()
    const leaves = Array.from({ length: firstBound }, () => pace.enter())
    assert.ok(!pace.hasRoom())
    leaves[0]?.()
    assert.ok(pace.hasRoom())
  })

  test('calls that take too long are let in less and less, but never fewer than the least', () => {
    const { pace, time } = openPace()
    const soon = flood(pace, time, { callMs: 150, times: 3 })
    assert.ok(soon < firstBound, `${soon}`)
    const later = flood(pace, time, { callMs: 150, times: 60 })
    assert.equal(later, leastBound)
  })

  test('the first look at calls that nobody leaves halves the bound', () => {
    const { pace, time } = openPace()
    const leaves = Array.from({ length: firstBound }, () => pace.enter())
    time.advance(25)
    for (const leave of leaves.slice(0, firstBound / 2)) leave()
    assert.ok(!pace.hasRoom())
    leaves.at(-1)?.()
    assert.ok(pace.hasRoom())
  })

  test('calls that are quick again are let in more and more, up to the most', () => {
    const { pace, time } = openPace(300)
    flood(pace, time, { callMs: 150, times: 60 })
    const admitted = flood(pace, time, { callMs: 10, times: 400 })
    assert.equal(admitted, 300)
  })

  test('a light load keeps the room that it does not use', () => {
    const { pace, time } = openPace()
    for (let call = 0; call < 200; call++) {
      const leave = pace.enter()
      time.advance(5)
      leave()
      time.advance(20)
    }
    const leaves = Array.from({ length: firstBound }, () => pace.enter())
    assert.equal(leaves.length, firstBound)
    assert.ok(!pace.hasRoom())
  })

  test('what a call waits for elsewhere makes it no slower', async () => {
    const { pace, time } = openPace()
    for (let round = 0; round < 40; round++) {
      const leaves: (() => void)[] = []
      while (pace.hasRoom()) leaves.push(pace.enter())
      const { promise, resolve } = Promise.withResolvers<void>()
      const waits = leaves.map(() => pace.elsewhere(() => promise))
      time.advance(500)
      resolve()
      await Promise.all(waits)
      for (const leave of leaves) leave()
      assert.ok(leaves.length >= firstBound, `${leaves.length} in round ${round}`)
    }
  })

  test('a process that comes late to its timers is too busy, whatever its calls look like', () => {
    const { pace, time } = openPace()
    time.lateMs = 40
    const admitted = flood(pace, time, { callMs: 10, times: 400 })
    assert.equal(admitted, leastBound)
  })

  test('work that fails elsewhere gives its place back', async () => {
    const { pace, time } = openPace()
    const leave = pace.enter()
    await assert.rejects(pace.elsewhere(() => Promise.reject(new Error('broken'))))
    leave()
    time.advance(1_000)
    assert.equal(time.timers(), 0, 'nobody is here, so nothing is watched')
  })
})
