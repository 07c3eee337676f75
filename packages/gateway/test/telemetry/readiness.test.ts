import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createReadiness } from '../../src/telemetry/readiness.ts'

function createTest() {
  let nowMs = 0
  let isHanging = false
  let isFailing = false
  let reads = 0
  const timers: { atMs: number; work: () => void }[] = []
  const runtime = {
    schedule: (delayMs: number, work: () => void) => {
      const timer = { atMs: nowMs + delayMs, work }
      timers.push(timer)
      return () => void timers.splice(timers.indexOf(timer), 1)
    },
  }
  const database = {
    read: async () => {
      reads++
      if (isHanging) await new Promise(() => {})
      if (isFailing) throw new Error('gone')
      return []
    },
  }
  const readiness = createReadiness(runtime, () => database)
  return {
    readiness,
    reads: () => reads,
    hang(on: boolean) {
      isHanging = on
    },
    fail(on: boolean) {
      isFailing = on
    },
    pass(durationMs: number) {
      nowMs += durationMs
      for (const { atMs, work } of [...timers]) if (atMs <= nowMs) work()
    },
  }
}

test('ready while the database answers, and it is asked once a second', async () => {
  const { readiness, reads, pass } = createTest()
  for (let probe = 0; probe < 5; probe++) assert.equal(await readiness.reasonNotReady(), undefined)
  assert.equal(reads(), 1)
  pass(1_000)
  assert.equal(await readiness.reasonNotReady(), undefined)
  assert.equal(reads(), 2)
})

test('a database that is away or hangs for a second makes it not ready, until it is back', async () => {
  const { readiness, fail, hang, pass } = createTest()
  fail(true)
  assert.equal(await readiness.reasonNotReady(), 'database_unreadable')
  fail(false)
  pass(1_000)
  assert.equal(await readiness.reasonNotReady(), undefined)
  hang(true)
  pass(1_000)
  const reason = readiness.reasonNotReady()
  pass(1_000)
  assert.equal(await reason, 'database_unreadable')
})

test('a database that rejects a commit makes it not ready for five seconds, or until it takes one', async () => {
  const { readiness, pass } = createTest()
  readiness.onTransaction(false)
  assert.equal(await readiness.reasonNotReady(), 'database_rejects_writes')
  pass(5_000)
  assert.equal(await readiness.reasonNotReady(), undefined)
  readiness.onTransaction(false)
  readiness.onTransaction(true)
  assert.equal(await readiness.reasonNotReady(), undefined)
})

test('who drains is not ready, whatever the database says', async () => {
  const { readiness, reads } = createTest()
  readiness.drain()
  assert.equal(await readiness.reasonNotReady(), 'draining')
  assert.equal(reads(), 0)
})
