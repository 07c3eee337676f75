import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDecayingCount } from '../../src/admission/rate-limit.ts'

function open(mostKeys = 10) {
  let nowMs = 1_000_000
  const count = createDecayingCount({ now: () => new Date(nowMs) }, { forgetEveryMs: 1_000, mostKeys })
  return {
    count,
    advance(durationMs: number) {
      nowMs += durationMs
    },
  }
}

test('counts each key, and forgets one event per interval', () => {
  const { count, advance } = open()
  for (let added = 0; added < 3; added++) count.add('a')
  count.add('b')
  assert.deepEqual([count.of('a'), count.of('b'), count.of('c')], [3, 1, 0])
  advance(999)
  assert.equal(count.of('a'), 3)
  advance(1)
  assert.deepEqual([count.of('a'), count.of('b')], [2, 0])
  advance(60_000)
  assert.equal(count.of('a'), 0)
  count.add('a')
  assert.equal(count.of('a'), 1)
})

test('a removed event does not count, and leaves no debt', () => {
  const { count, advance } = open()
  count.add('a')
  count.add('a')
  count.remove('a')
  assert.equal(count.of('a'), 1)
  count.remove('a')
  count.remove('a')
  count.remove('never')
  assert.equal(count.of('a'), 0)
  advance(1)
  count.add('a')
  assert.equal(count.of('a'), 1)
})

test('returns the time since the last event', () => {
  const { count, advance } = open()
  assert.equal(count.sinceLast('a'), Number.POSITIVE_INFINITY)
  count.add('a')
  advance(700)
  assert.equal(count.sinceLast('a'), 700)
})

test('keeps a bounded number of keys, and evicts empty ones', () => {
  const { count, advance } = open(100)
  for (let key = 0; key < 5_000; key++) count.add(`key ${key}`)
  assert.equal(count.size(), 100)
  assert.deepEqual([count.of('key 0'), count.of('key 4999')], [0, 1])
  advance(1_000)
  count.add('another')
  assert.equal(count.size(), 1)
})
