import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { microBatch } from '../../src/storage/batching.ts'
import { CommitUnknownError, DatabaseAwayError } from '../../src/storage/storage.ts'

const freely = Number.POSITIVE_INFINITY

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate)
}

test('concurrent calls become one batch, and each caller gets its own result', async () => {
  const runs: (readonly number[])[] = []
  const double = microBatch(async (items: readonly number[]) => {
    runs.push(items)
    return items.map((item) => item * 2)
  }, freely)
  assert.deepEqual(await Promise.all([1, 2, 3].map(double)), [2, 4, 6])
  assert.equal(await double(4), 8)
  assert.deepEqual(runs, [[1, 2, 3], [4]])
})

test('no batch is larger than 256 items', async () => {
  const sizes: number[] = []
  const same = microBatch(async (items: readonly number[]) => {
    sizes.push(items.length)
    return items
  }, freely)
  const given = Array.from({ length: 600 }, (_, index) => index)
  assert.deepEqual(await Promise.all(given.map(same)), given)
  assert.deepEqual(sizes, [256, 256, 88])
})

test('a bad item fails alone, whatever else is in its batch', () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 40 }), async (given) => {
      const root = microBatch(async (items: readonly number[]) => {
        if (items.some((item) => item < 0)) throw new RangeError('negative')
        return items.map(Math.sqrt)
      }, freely)
      const outcomes = await Promise.allSettled(given.map(root))
      for (const [index, outcome] of outcomes.entries()) {
        const item = given[index] as number
        assert.equal(outcome.status, item < 0 ? 'rejected' : 'fulfilled')
        if (outcome.status === 'fulfilled') assert.equal(outcome.value, Math.sqrt(item))
      }
    }),
    { numRuns: 30 },
  ))

test('a failed batch is retried in halves, within the bound of concurrent batches', async () => {
  let [running, most, runs] = [0, 0, 0]
  const picky = microBatch(async (items: readonly number[]) => {
    running++
    runs++
    most = Math.max(most, running)
    await turns(1)
    running--
    if (items.includes(100)) throw new RangeError('100 is bad')
    return items
  }, 2)
  const outcomes = await Promise.allSettled(Array.from({ length: 256 }, (_, item) => picky(item)))
  assert.deepEqual(
    outcomes.flatMap(({ status }, item) => (status === 'rejected' ? [item] : [])),
    [100],
  )
  assert.ok(most <= 2, `${most} at once`)
  assert.ok(runs <= 2 + 2 * 7, `${runs} runs`)
})

for (const AwayError of [DatabaseAwayError, CommitUnknownError])
  test(`an unreachable database is not tried again for each item (${AwayError.name})`, async () => {
    let runs = 0
    const away = microBatch(async () => {
      runs++
      throw new AwayError('away')
    }, 1)
    const outcomes = await Promise.allSettled([1, 2, 3].map(away))
    assert.deepEqual(
      outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason instanceof AwayError),
      [true, true, true],
    )
    assert.equal(runs, 1)
  })

test('a run with too few results rejects', async () => {
  const forgetful = microBatch(async (items: readonly number[]) => (items.length > 1 ? items.slice(1) : items), freely)
  assert.deepEqual(await Promise.all([1, 2, 3].map(forgetful)), [1, 2, 3])
  const empty = microBatch(async () => [], freely)
  await assert.rejects(empty(1), /1 items got 0 results/)
})

test('two concurrent batches share the waiting items, and later ones join the next batch', async () => {
  const sizes: number[] = []
  const ends: (() => void)[] = []
  const slow = microBatch(async (items: readonly number[]) => {
    sizes.push(items.length)
    await new Promise<void>((end) => ends.push(end))
    return items
  }, 2)
  const first = [1, 2, 3, 4, 5].map(slow)
  await turns(2)
  assert.deepEqual(sizes, [3, 2])
  const later = [6, 7, 8].map(slow)
  await turns(2)
  assert.deepEqual(sizes, [3, 2])
  ends.shift()?.()
  await Promise.all(first.slice(0, 3))
  await turns(2)
  assert.deepEqual(sizes, [3, 2, 3])
  for (const end of ends) end()
  assert.deepEqual(await Promise.all([...first, ...later]), [1, 2, 3, 4, 5, 6, 7, 8])
})

test('items join the batch while each turn of the event loop brings more, for eight turns at most', async () => {
  const runs: (readonly number[])[] = []
  const same = microBatch(async (items: readonly number[]) => {
    runs.push(items)
    return items
  }, freely)
  const given: Promise<number>[] = []
  const arrive = (): void => {
    if (given.length < 11) setImmediate(arrive)
    given.push(same(given.length))
  }
  arrive()
  await turns(20)
  assert.deepEqual(await Promise.all(given), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  assert.deepEqual(runs, [
    [0, 1, 2, 3, 4, 5, 6, 7, 8],
    [9, 10, 11],
  ])
  const alone = same(12)
  await turns(1)
  assert.deepEqual(runs.at(-1), [12])
  await alone
})
