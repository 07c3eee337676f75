import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { collect } from '../src/storage/batch.ts'

test('calls that wait together become one run, and each caller gets its own result', async () => {
  const runs: (readonly number[])[] = []
  const double = collect(async (items: readonly number[]) => {
    runs.push(items)
    return items.map((item) => item * 2)
  })
  assert.deepEqual(await Promise.all([1, 2, 3].map(double)), [2, 4, 6])
  assert.equal(await double(4), 8)
  assert.deepEqual(runs, [[1, 2, 3], [4]])
})

test('no run is larger than 256 items', async () => {
  const sizes: number[] = []
  const same = collect(async (items: readonly number[]) => {
    sizes.push(items.length)
    return items
  })
  const given = Array.from({ length: 600 }, (_, index) => index)
  assert.deepEqual(await Promise.all(given.map(same)), given)
  assert.deepEqual(sizes, [256, 256, 88])
})

test('bad items fail alone, whatever stands beside them', () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 40 }), async (given) => {
      const root = collect(async (items: readonly number[]) => {
        if (items.some((item) => item < 0)) throw new RangeError('negative')
        return items.map(Math.sqrt)
      })
      const outcomes = await Promise.allSettled(given.map(root))
      for (const [index, outcome] of outcomes.entries()) {
        const item = given[index] as number
        assert.equal(outcome.status, item < 0 ? 'rejected' : 'fulfilled')
        if (outcome.status === 'fulfilled') assert.equal(outcome.value, Math.sqrt(item))
      }
    }),
    { numRuns: 30 },
  ))

test('a run that loses a result rejects instead of handing out the neighbour’s', async () => {
  const forgetful = collect(async (items: readonly number[]) => (items.length > 1 ? items.slice(1) : items))
  assert.deepEqual(await Promise.all([1, 2, 3].map(forgetful)), [1, 2, 3])
  const empty = collect(async () => [])
  await assert.rejects(empty(1), /1 items got 0 results/)
})
