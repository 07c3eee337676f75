import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { bySize } from '../../../../test/support/proof-size.ts'
import { archivePayments } from '../../src/archive/archive-payments.ts'
import { ArchiveBusyError } from '../../src/archive/context.ts'
import { daysBefore } from '../../src/archive/model.ts'
import { readRecord, transactionIdOf } from '../../src/archive/record.ts'
import { verifyArchive } from '../../src/archive/verify.ts'
import { createTestContext } from '../support.ts'
import { archiveContext, archivedIds, archivedLines, days, rowCounts, withArchiveTest } from './support.ts'

const script = join(import.meta.dirname, 'killed-archiver.ts')

interface World {
  readonly folder: string
  readonly archives: string
  readonly nowMs: number
}

/** Undefined: it was killed; else its exit code. */
async function runUntilKilled({ folder, archives, nowMs }: World, killedAt: number): Promise<number | undefined> {
  const args = ['--disable-warning=ExperimentalWarning', script, folder, archives, String(nowMs), String(killedAt)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  const [code, signal] = await once(child, 'exit')
  return signal === 'SIGKILL' ? undefined : code
}

const { SSPAY_TEST_DATABASE_URL: onPostgres } = process.env

test(
  'killed at any moment, an archive is finished by the next run: no payment is lost, and none stands in two files',
  // The copies of the database are copies of a file.
  { skip: onPostgres !== undefined },
  withArchiveTest(async (test) => {
    const original = await test.approvedPayment()
    // More than one transaction deletes, and than one file holds.
    for (let count = 0; count < 129; count++) await test.approvedPayment()
    test.clock.advance(days(401))
    const nowMs = test.context.runtime.now().getTime()
    assert.equal((await rowCounts(test.context)).payments, 130)

    const step = bySize({ short: 5, medium: 1, thorough: 1 })
    const first = 1 + (Date.now() % step)
    const worlds = await mkdtemp(join(tmpdir(), 'sspay-killed-'))
    try {
      let killed = 0
      for (let killedAt = first; ; killedAt += step) {
        const world = { folder: join(worlds, `${killedAt}`), archives: join(worlds, `${killedAt}-archives`), nowMs }
        await Promise.all([mkdir(world.folder), mkdir(world.archives)])
        for (const name of await readdir(test.folder)) {
          if (name.startsWith('gateway.db')) await cp(join(test.folder, name), join(world.folder, name))
        }
        const code = await runUntilKilled(world, killedAt)
        if (code === undefined) killed++
        else assert.equal(code, 0)
        await finishAndCheck(world, original, `killed in front of ${killedAt}`)
        if (code === 0) break
      }
      assert.ok(killed >= Math.floor(15 / step), `${killed} kills`)
    } finally {
      await rm(worlds, { recursive: true, force: true })
    }
  }),
)

async function finishAndCheck({ folder, archives, nowMs }: World, original: string, what: string): Promise<void> {
  const { context, close } = await createTestContext({ folder, now: new Date(nowMs + 60_000) })
  try {
    const stood = await context.storage.read<{ transaction_id: string }>('select transaction_id from payments')
    const inFiles = await archivedIds(archives)
    const everywhere = new Set([...stood.map(({ transaction_id }) => transaction_id), ...inFiles])
    assert.equal(everywhere.size, 130, `${what}: nothing is lost`)
    assert.ok(everywhere.has(original), what)

    const changedBefore = daysBefore(context.runtime.now(), 400)
    await archivePayments(archiveContext(context, archives), { changedBefore, most: 1_000, perFile: 120 })
    assert.equal((await rowCounts(context)).payments, 0, what)
    const ids = (await archivedLines(archives)).map((line) => transactionIdOf(readRecord(line)))
    assert.deepEqual([ids.length, new Set(ids).size], [130, 130], `${what}: once each`)
    const names = await readdir(archives)
    assert.ok(
      names.every((name) => name.endsWith('.gz')),
      `${what}: ${names}`,
    )
    for (const name of names) assert.equal((await verifyArchive(join(archives, name))).damage, undefined, what)
  } finally {
    await close()
  }
}

test(
  'two that archive at the same time: one works, the other is told, and each payment leaves once',
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
