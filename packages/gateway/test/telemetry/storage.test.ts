import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openSqlite } from '../../src/storage/sqlite.ts'
import { CommitUnknownError } from '../../src/storage/storage.ts'
import { measureStorage, type StorageWatch } from '../../src/telemetry/measure-storage.ts'
import { createMetrics } from '../../src/telemetry/metrics.ts'
import { idleSources } from './idle-sources.ts'

const metrics = createMetrics(idleSources)

function watching(): StorageWatch & { readonly heard: readonly string[] } {
  const heard: string[] = []
  return {
    heard,
    onTransactionBegin() {},
    onTransactionEnd: (outcome) => void heard.push(outcome),
    onCorruption: () => void heard.push('corrupt'),
  }
}

async function heardOf(cause: unknown): Promise<readonly string[]> {
  const watch = watching()
  const measured = measureStorage(metrics, { transact: () => Promise.reject(cause) } as never, watch)
  await assert.rejects(measured.transact(async () => {}))
  return watch.heard
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
  test(`the database takes no writes: ${name}`, async () => assert.deepEqual(await heardOf(cause), ['rejected']))

for (const [name, cause] of [
  ['a key that is there already', withCode('23505')],
  ['what a use case throws', new RangeError('x')],
] as const)
  test(`says nothing of the database: ${name}`, async () => assert.deepEqual(await heardOf(cause), ['failed']))

test('a full file of SQLite is reported, and so is that it accepts writes again', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-full-'))
  const storage = await openSqlite(join(folder, 'gateway.db'))
  t.after(async () => {
    await storage.close()
    await rm(folder, { recursive: true, force: true })
  })
  const watch = watching()
  const measured = measureStorage(metrics, storage, watch)
  const write = (text: string) =>
    measured.transact((transaction) => transaction.write('insert into t values (?1)', [text]))
  const limitPages = (pages: number) => storage.transact((one) => one.read(`pragma max_page_count = ${pages}`))
  await measured.transact((transaction) => transaction.write('create table t (value text)'))
  await limitPages(8)
  await assert.rejects(write('x'.repeat(100_000)))
  await limitPages(1000)
  await write('x'.repeat(100_000))
  assert.deepEqual(watch.heard, ['accepted', 'rejected', 'accepted'])
})

test('a damaged file of SQLite is reported, by reads and transactions', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-damaged-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'gateway.db')
  const written = await openSqlite(file)
  await written.transact(async (transaction) => {
    await transaction.write('create table t (value text)')
    await transaction.write('insert into t values (?1)', ['x'.repeat(100_000)])
  })
  await written.close()
  const bytes = await readFile(file)
  await writeFile(file, bytes.fill(0x55, 8192))
  const storage = await openSqlite(file)
  t.after(() => storage.close())
  const watch = watching()
  const measured = measureStorage(metrics, storage, watch)
  await assert.rejects(measured.read('select value from t'), /malformed/)
  await assert.rejects(
    measured.transact((transaction) => transaction.write("insert into t values ('y')")),
    /malformed/,
  )
  assert.deepEqual(watch.heard, ['corrupt', 'corrupt', 'failed'])
})
