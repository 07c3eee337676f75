import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from '../../../../test/support/until.ts'
import { ArchiveBusyError } from '../../src/archive/context.ts'
import { readArchive, removePartials, writeArchive } from '../../src/archive/file.ts'
import { days, withArchiveTest } from './support.ts'

const head = { archive: 'one', format: 1 as const, changedBefore: '', writtenAt: '' }

/** A line before and a line after the wait. */
async function* around(wait: Promise<unknown>, name: string): AsyncGenerator<string> {
  yield JSON.stringify({ name, line: 1 })
  await wait
  yield JSON.stringify({ name, line: 2 })
}

async function linesIn(file: string): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const line of readArchive(file)) lines.push(JSON.parse(line).name)
  return lines
}

test('two whose hold overlaps write files of their own: the one that is too late replaces nothing', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-archives-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'one.jsonl.gz')
  const { promise: stalled, resolve: goOn } = Promise.withResolvers<void>()
  const late = writeArchive({ file, writer: 'late' }, head, around(stalled, 'late'))
  await until(async () => (await readdir(folder)).length === 1)
  await writeArchive({ file, writer: 'second' }, head, around(Promise.resolve(), 'second'))
  goOn()
  await assert.rejects(late, ArchiveBusyError)
  assert.deepEqual(await linesIn(file), ['second', 'second'])
})

test('the one that takes an archive over removes what the other has left unfinished, and that one cannot publish it', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-archives-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'one.jsonl.gz')
  const { promise: stalled, resolve: goOn } = Promise.withResolvers<void>()
  const late = writeArchive({ file, writer: 'late' }, head, around(stalled, 'late'))
  await until(async () => (await readdir(folder)).length === 1)
  await removePartials(file)
  goOn()
  await assert.rejects(late, ArchiveBusyError)
  assert.deepEqual(await readdir(folder), [])
})

test(
  'a hold that was taken while a clock ran a day ahead is not waited for',
  withArchiveTest(async (test) => {
    await test.approvedPayment()
    test.clock.advance(days(402))
    const { storage } = test.context
    let transactions = 0
    const dying = test.archive({
      storage: {
        ...storage,
        transact: (work) => (++transactions > 1 ? Promise.reject(new Error('dies')) : storage.transact(work)),
      },
    })
    await assert.rejects(dying, /dies/)
    test.clock.advance(-days(1))
    const files = await test.archive({ onStep: ({ step }) => assert.notEqual(step, 'waiting') })
    assert.equal(files.length, 1)
  }),
)
