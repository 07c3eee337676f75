import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { archivePayments } from '../../src/archive/archive-payments.ts'
import { daysBefore } from '../../src/archive/model.ts'
import { readRecord, transactionIdOf } from '../../src/archive/record.ts'
import { verifyArchive } from '../../src/archive/verify.ts'
import { createTestContext } from '../support.ts'
import { type ArchiveTest, archiveContext, archivedIds, archivedLines, days, rowCounts } from './support.ts'

/** Every so many statements and transactions of the archiver it is killed, at each size of the proof. */
export const stepBySize = { short: 7, medium: 2, thorough: 1 } as const

const script = join(import.meta.dirname, 'killed-archiver.ts')

interface World {
  readonly folder: string
  readonly archives: string
  readonly nowMs: number
}

/** Undefined: it was killed; else its exit code. */
async function runUntilKilled(
  { folder, archives, nowMs }: World,
  killedAt: number,
  plantedBug = '',
): Promise<number | undefined> {
  const given = [folder, archives, String(nowMs), String(killedAt), plantedBug]
  const args = ['--disable-warning=ExperimentalWarning', script, ...given]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  const [code, signal] = await once(child, 'exit')
  return signal === 'SIGKILL' ? undefined : code
}

interface KillOptions {
  readonly step: number
  /** The statement or transaction of the first kill, counted from 1. */
  readonly first: number
  readonly plantedBug?: 'file_not_durable'
}

/**
 * Archives copies of one database, each killed later than the one before, until one is not killed. Resolves with the
 * number of kills.
 */
export async function killAtEvery(test: ArchiveTest, { step, first, plantedBug }: KillOptions): Promise<number> {
  const original = await test.approvedPayment()
  // More than one transaction deletes, and than one file holds.
  for (let count = 0; count < 129; count++) await test.approvedPayment()
  test.clock.advance(days(401))
  const nowMs = test.context.runtime.now().getTime()
  assert.equal((await rowCounts(test.context)).payments, 130)

  const worlds = await mkdtemp(join(tmpdir(), 'sspay-killed-'))
  try {
    for (let killed = 0, killedAt = first; ; killed++, killedAt += step) {
      const world = { folder: join(worlds, `${killedAt}`), archives: join(worlds, `${killedAt}-archives`), nowMs }
      await Promise.all([mkdir(world.folder), mkdir(world.archives)])
      for (const name of await readdir(test.folder)) {
        if (name.startsWith('gateway.db')) await cp(join(test.folder, name), join(world.folder, name))
      }
      const code = await runUntilKilled(world, killedAt, plantedBug)
      assert.ok(code === undefined || code === 0, `the archiver ended with ${code}`)
      await finishAndCheck(world, original, `killed in front of ${killedAt}`)
      if (code === 0) return killed
    }
  } finally {
    await rm(worlds, { recursive: true, force: true })
  }
}

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
