import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { bySize } from '../../../../test/support/proof-size.ts'
import { ArchiveBusyError } from '../../src/archive/context.ts'
import { killAtEvery, stepBySize } from './kill-archiver.ts'
import { archivedIds, days, rowCounts, withArchiveTest } from './support.ts'

const { SSPAY_TEST_DATABASE_URL: onPostgres } = process.env

test(
  'killed at any moment, an archive is finished by the next run: no payment is lost, and none stands in two files',
  // The copies of the database are copies of a file.
  { skip: onPostgres !== undefined },
  withArchiveTest(async (test) => {
    const step = bySize<number>(stepBySize)
    const killed = await killAtEvery(test, { step, first: 1 + (Date.now() % step) })
    assert.ok(killed >= Math.floor(15 / step), `${killed} kills`)
  }),
)

test(
  'concurrent archive runs finish or fail as busy, and each payment is archived once',
  withArchiveTest(async (test) => {
    for (let count = 0; count < 30; count++) await test.approvedPayment()
    test.clock.advance(days(401))
    const runs = await Promise.allSettled([
      test.archive({ perFile: 10 }),
      test.archive({ perFile: 10 }),
      test.archive({ perFile: 10 }),
    ])
    for (const run of runs)
      assert.ok(run.status === 'fulfilled' || run.reason instanceof ArchiveBusyError, JSON.stringify(run))
    assert.equal((await rowCounts(test.context)).payments, 0)
    const ids = await archivedIds(test.archives)
    assert.deepEqual([ids.length, new Set(ids).size], [30, 30])
  }),
)

test(
  'who was silent too long deletes nothing any more',
  withArchiveTest(async (test) => {
    for (let count = 0; count < 5; count++) await test.approvedPayment()
    test.clock.advance(days(401))
    let isSecondDone = false
    const first = test.archive({
      holdMs: 1_000,
      onStep: () => {},
      storage: {
        ...test.context.storage,
        async transact(work) {
          const result = await test.context.storage.transact(work)
          if (isSecondDone) return result
          // The first has claimed its archive and sleeps; the second takes it over and finishes it.
          isSecondDone = true
          test.clock.advance(2_000)
          await test.archive()
          return result
        },
      },
    })
    await assert.rejects(first, ArchiveBusyError)
    const ids = await archivedIds(test.archives)
    assert.deepEqual([ids.length, new Set(ids).size], [5, 5])
  }),
)

test(
  'an archive that was left in another folder is not waited for: what is left of it is written again',
  withArchiveTest(async (test) => {
    for (let count = 0; count < 3; count++) await test.approvedPayment()
    test.clock.advance(days(401))
    const { storage } = test.context
    let transactions = 0
    const dying = test.archive({
      holdMs: 1_000,
      storage: {
        ...storage,
        async transact(work) {
          // After the file was recorded as written, before anything is deleted.
          if (++transactions === 4) throw new Error('died')
          return storage.transact(work)
        },
      },
    })
    await assert.rejects(dying, /died/)
    test.clock.advance(2_000)
    const elsewhere = join(test.archives, 'elsewhere')
    await mkdir(elsewhere)
    const [file] = await test.archive({ folder: elsewhere })
    assert.equal(file?.removed, 3)
    assert.deepEqual(test.steps.filter(({ step }) => step === 'elsewhere').length, 1)
    assert.deepEqual((await archivedIds(elsewhere)).toSorted(), (await archivedIds(test.archives)).toSorted())
  }),
)
