import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createReadiness } from '../../src/telemetry/readiness.ts'

function createTest() {
  let nowMs = 0
  let timers: { atMs: number; work: () => void }[] = []
  const runtime = {
    schedule: (delayMs: number, work: () => void) => {
      const timer = { atMs: nowMs + delayMs, work }
      timers.push(timer)
      return () => {
        timers = timers.filter((one) => one !== timer)
      }
    },
  }
  const createProbe = () => {
    const state = { asked: 0, isFailing: false, hanging: undefined as Promise<void> | undefined }
    const probe = async (): Promise<void> => {
      state.asked++
      await state.hanging
      if (state.isFailing) throw new Error('gone')
    }
    return { state, probe }
  }
  const [read, write] = [createProbe(), createProbe()]
  return {
    readiness: createReadiness(runtime, { read: read.probe as never, transact: write.probe as never }),
    read: read.state,
    write: write.state,
    pass(durationMs: number) {
      nowMs += durationMs
      const due = timers.filter(({ atMs }) => atMs <= nowMs)
      timers = timers.filter(({ atMs }) => atMs > nowMs)
      for (const { work } of due) work()
    },
  }
}

const turn = () => new Promise(setImmediate)

test('ready while the database answers, and it is asked once a second', async () => {
  const { readiness, read, write, pass } = createTest()
  for (let probe = 0; probe < 5; probe++) assert.equal(await readiness.reasonNotReady(), undefined)
  assert.deepEqual([read.asked, write.asked], [1, 1])
  pass(1_000)
  assert.equal(await readiness.reasonNotReady(), undefined)
  assert.deepEqual([read.asked, write.asked], [2, 2])
})

for (const [name, reason] of [
  ['read', 'database_unreadable'],
  ['write', 'database_rejects_writes'],
] as const)
  test(`a database that rejects a ${name} or hangs for a second makes it not ready, until it is back`, async () => {
    const { readiness, pass, ...probes } = createTest()
    const probe = probes[name]
    probe.isFailing = true
    assert.equal(await readiness.reasonNotReady(), reason)
    probe.isFailing = false
    pass(1_000)
    assert.equal(await readiness.reasonNotReady(), undefined)
    const { promise, resolve: goOn } = Promise.withResolvers<void>()
    probe.hanging = promise
    const askedBefore = probe.asked
    for (let second = 0; second < 4; second++) {
      pass(1_000)
      const answer = readiness.reasonNotReady()
      await turn()
      pass(1_000)
      assert.equal(await answer, reason)
    }
    assert.equal(probe.asked, askedBefore + 1, 'no second probe beside one that hangs')
    goOn()
    await turn()
    pass(1_000)
    assert.equal(await readiness.reasonNotReady(), undefined)
  })

test('a database that rejects a commit makes it not ready for five seconds, or until it takes one', async () => {
  const { readiness, pass } = createTest()
  const end = (outcome: 'accepted' | 'rejected' | 'failed'): void => {
    readiness.onTransactionBegin()
    readiness.onTransactionEnd(outcome)
  }
  end('rejected')
  assert.equal(await readiness.reasonNotReady(), 'database_rejects_writes')
  end('failed')
  assert.equal(await readiness.reasonNotReady(), 'database_rejects_writes')
  pass(5_000)
  assert.equal(await readiness.reasonNotReady(), undefined)
  end('rejected')
  end('accepted')
  assert.equal(await readiness.reasonNotReady(), undefined)
})

test('transactions of which none is accepted for two seconds make it not ready, until one is or none runs', async () => {
  const { readiness, pass } = createTest()
  const begin = readiness.onTransactionBegin
  begin()
  begin()
  pass(2_000)
  assert.equal(await readiness.reasonNotReady(), 'database_stalled')
  readiness.onTransactionEnd('accepted')
  assert.equal(await readiness.reasonNotReady(), undefined)
  begin()
  readiness.onTransactionEnd('accepted')
  pass(2_000)
  assert.equal(await readiness.reasonNotReady(), undefined, 'one was accepted')
  pass(2_000)
  assert.equal(await readiness.reasonNotReady(), 'database_stalled')
  readiness.onTransactionEnd('failed')
  assert.equal(await readiness.reasonNotReady(), undefined)
})

test('a damaged file makes it not ready for good', async () => {
  const { readiness, pass } = createTest()
  readiness.onCorruption()
  readiness.onTransactionBegin()
  readiness.onTransactionEnd('accepted')
  pass(60_000)
  assert.equal(await readiness.reasonNotReady(), 'database_corrupt')
})

test('who drains is not ready, whatever the database says', async () => {
  const { readiness, read } = createTest()
  readiness.drain()
  assert.equal(await readiness.reasonNotReady(), 'draining')
  assert.equal(read.asked, 0)
})
