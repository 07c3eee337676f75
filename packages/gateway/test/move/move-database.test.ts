import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { bySize } from '../../../../test/support/proof-size.ts'
import { movedTables, unmovedTables } from '../../src/move/model.ts'
import { endMove, type MoveContext, moveDatabase } from '../../src/move/move-database.ts'
import { requireWholeMove } from '../../src/move/store.ts'
import { realRuntime } from '../../src/runtime.ts'
import { openSqlite, openSqliteReader } from '../../src/storage/sqlite.ts'
import { CommitUnknownError, type Storage } from '../../src/storage/storage.ts'
import { verifyDatabase } from '../../src/verification/verify-database.ts'
import { everyEnd } from '../archive/support.ts'
import { createCancelTest } from '../cancellation/support.ts'
import { createTestContext } from '../support.ts'
import { openTestStorage, removeTestStorage } from '../test-storage.ts'
import { write } from '../verification/support.ts'

const rowsAtOnce = 3

interface Source {
  readonly folder: string
  readonly file: string
  /** An empty database of the engine of this run. */
  createTarget(): Promise<Storage>
}

/** A SQLite database with payments of every end. */
async function createSource(t: TestContext): Promise<Source> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-move-'))
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }))
  await using pay = await createCancelTest({ folder, openStorage: openSqlite })
  await everyEnd(pay)
  let made = 0
  return {
    folder,
    file: join(folder, 'gateway.db'),
    async createTarget() {
      const file = join(folder, `target-${made++}.db`)
      const target = await openTestStorage(file)
      t.after(async () => {
        await target.close()
        await removeTestStorage(file)
      })
      return target
    },
  }
}

/** One move as one process makes it. */
async function move({ file }: Source, target: Storage, changes: Partial<MoveContext> = {}) {
  const source = openSqliteReader(file)
  try {
    return await moveDatabase({ runtime: realRuntime, source, target, rowsAtOnce, onStep() {}, ...changes })
  } finally {
    await source.close()
  }
}

async function contentOf(storage: Pick<Storage, 'read'>): Promise<Readonly<Record<string, readonly string[]>>> {
  const content: Record<string, readonly string[]> = {}
  for (const table of movedTables.flat()) {
    const rows = await storage.read(`select * from ${table}`)
    content[table] = rows.map((row) => JSON.stringify(Object.entries(row).toSorted())).toSorted()
  }
  return content
}

test('every table is moved, or is of the database itself', async (t) => {
  const { file } = await createSource(t)
  const source = openSqliteReader(file)
  t.after(() => source.close())
  const tables = await source.read<{ readonly name: string }>("select name from sqlite_master where type = 'table'")
  const names = tables.map(({ name }) => name).toSorted()
  assert.deepEqual([...movedTables.flat(), ...unmovedTables].toSorted(), names)
})

/** The database of a process: when that is killed, what it had begun is over, and it does nothing any more. */
function openMortal(target: Storage) {
  let isDead = false
  const underWay = new Set<Promise<unknown>>()
  const kill = async (): Promise<void> => {
    isDead = true
    await Promise.allSettled(underWay)
  }
  const transact: Storage['transact'] = async (work) => {
    if (isDead) throw new Error('killed')
    const committed = target.transact(work)
    underWay.add(committed)
    return committed.finally(() => underWay.delete(committed))
  }
  return { storage: { ...target, transact }, kill }
}

/** The process dies before or after the commit of that transaction. */
function killedAt(target: Storage, at: number, when: 'before' | 'after'): Storage {
  let count = 0
  const { storage, kill } = openMortal(target)
  const transact: Storage['transact'] = async (work) => {
    const isLast = ++count === at
    if (isLast && when === 'before') await kill()
    const result = await storage.transact(work)
    if (!isLast) return result
    await kill()
    throw new Error('killed')
  }
  return { ...storage, transact }
}

test('killed before or after any commit, the next run continues, and nothing is lost or doubled', async (t) => {
  const source = await createSource(t)
  const reader = openSqliteReader(source.file)
  const expected = await contentOf(reader)
  await reader.close()
  const step = bySize({ short: 7, medium: 3, thorough: 1 })
  for (let at = 1, isOver = false; !isOver; at += step) {
    for (const when of ['before', 'after'] as const) {
      const target = await source.createTarget()
      isOver = await move(source, killedAt(target, at, when)).then(
        () => true,
        () => false,
      )
      if (isOver) break
      await move(source, target)
      assert.deepEqual(await contentOf(target), expected, `${when} ${at}`)
      const verified = await verifyDatabase(target, { hasFile: false, onStep() {} })
      assert.equal(verified.found, 0)
    }
  }
})

test('a commit whose answer was lost is neither repeated nor left out', async (t) => {
  const source = await createSource(t)
  const target = await source.createTarget()
  let count = 0
  const transact: Storage['transact'] = async (work) => {
    const isLost = ++count > 1 && count % 3 === 0
    const result = isLost && count % 2 === 0 ? undefined : await target.transact(work)
    if (isLost) throw new CommitUnknownError('The connection broke during a commit.')
    return result as Awaited<ReturnType<typeof work>>
  }
  await move(source, { ...target, transact }, { rowsAtOnce: 10 })
  const reader = openSqliteReader(source.file)
  t.after(() => reader.close())
  assert.deepEqual(await contentOf(target), await contentOf(reader))
})

test('a gateway does not start before the end; afterwards another move does nothing', async (t) => {
  const source = await createSource(t)
  const target = await source.createTarget()
  const moved = await move(source, target)
  assert.ok((moved?.copied ?? 0) > 20)
  await assert.rejects(requireWholeMove(target), /A move into this database has not ended/)
  await endMove({ target, runtime: realRuntime })
  await requireWholeMove(target)
  assert.equal(await move(source, target), undefined)
})

test('a target with rows, and a source that has changed meanwhile, are rejected with the table', async (t) => {
  const source = await createSource(t)
  const other = await source.createTarget()
  await move(source, other)
  await write(other, 'delete from move_progress')
  await assert.rejects(move(source, other), /payments: .*The target database has rows in payments already/)

  const target = await source.createTarget()
  await assert.rejects(move(source, killedAt(target, 8, 'after')), /killed/)
  {
    await using changing = await createTestContext({ folder: source.folder, openStorage: openSqlite })
    await write(changing.context.storage, 'update payments set last_asked_at = last_asked_at + 1')
  }
  await move(source, target).then(
    () => assert.fail('the difference was not found'),
    (cause: Error) => assert.match(cause.message, /^payments \[.*Source and target differ/),
  )
})

test('of two commands that move at once, each batch is copied by one; the other names it', async (t) => {
  const source = await createSource(t)
  const target = await source.createTarget()
  await assert.rejects(move(source, killedAt(target, 2, 'after')), /killed/)
  const moveUntilRejected = async (): Promise<void> => {
    const { storage, kill } = openMortal(target)
    await move(source, storage).catch(async (cause: Error) => {
      assert.match(cause.message, /Another command moves into this database too/)
      await kill()
    })
  }
  await Promise.all([moveUntilRejected(), moveUntilRejected()])
  await move(source, target)
  const reader = openSqliteReader(source.file)
  t.after(() => reader.close())
  assert.deepEqual(await contentOf(target), await contentOf(reader))
})
