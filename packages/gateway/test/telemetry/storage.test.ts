import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openSqlite } from '../../src/storage/sqlite.ts'
import { CommitUnknownError } from '../../src/storage/storage.ts'
import { measureStorage } from '../../src/telemetry/measure-storage.ts'
import { createMetrics } from '../../src/telemetry/metrics.ts'
import { idleSources } from './idle-sources.ts'

const metrics = createMetrics(idleSources)

async function heardOf(cause: unknown): Promise<readonly boolean[]> {
  const heard: boolean[] = []
  const storage = { transact: () => Promise.reject(cause) } as never
  const measured = measureStorage(metrics, storage, { onTransaction: (isTaken) => heard.push(isTaken) })
  await assert.rejects(measured.transact(async () => {}))
  return heard
}

const withCode = (code: string): Error => Object.assign(new Error('x'), { code })

const rejections: readonly (readonly [string, unknown])[] = [
  ['a commit of which nobody knows', new CommitUnknownError('x')],
  ['a read-only host', withCode('25006')],
  ['a full disk', withCode('53100')],
  ['a server that shuts down', withCode('57P01')],
  ['a connection that broke', withCode('08006')],
  ['nobody who listens', withCode('ECONNREFUSED')],
]
for (const [name, cause] of rejections)
  test(`the database takes no writes: ${name}`, async () => assert.deepEqual(await heardOf(cause), [false]))

for (const [name, cause] of [
  ['a key that is there already', withCode('23505')],
  ['what a use case throws', new RangeError('x')],
] as const)
  test(`says nothing of the database: ${name}`, async () => assert.deepEqual(await heardOf(cause), []))

test('a full file of SQLite is heard of, and so is that it takes writes again', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-full-'))
  const storage = await openSqlite(join(folder, 'gateway.db'))
  t.after(async () => {
    await storage.close()
    await rm(folder, { recursive: true, force: true })
  })
  const heard: boolean[] = []
  const measured = measureStorage(metrics, storage, { onTransaction: (isTaken) => heard.push(isTaken) })
  const write = (text: string) =>
    measured.transact((transaction) => transaction.write('insert into t values (?1)', [text]))
  const limitPages = (pages: number) => storage.transact((one) => one.read(`pragma max_page_count = ${pages}`))
  await measured.transact((transaction) => transaction.write('create table t (value text)'))
  await limitPages(8)
  await assert.rejects(write('x'.repeat(100_000)))
  await limitPages(1000)
  await write('x'.repeat(100_000))
  assert.deepEqual(heard, [true, false, true])
})
