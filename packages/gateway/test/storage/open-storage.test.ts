import assert from 'node:assert/strict'
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { closing } from '../../../../test/support/closing.ts'
import { realRuntime } from '../../src/runtime.ts'
import { Secret } from '../../src/secret.ts'
import { openStorage } from '../../src/storage/open-storage.ts'
import type { Storage } from '../../src/storage/storage.ts'

const open = async (dataFolder: string) =>
  closing(await openStorage({ dataFolder }, { runtime: realRuntime, onError() {} }))

/** Adds so many rows of two kilobytes. */
const grow = (storage: Storage, rows: number): Promise<number> =>
  storage.transact((transaction) =>
    transaction.write(
      `insert into notes (text) with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rows})
       select hex(randomblob(1000)) from n`,
    ),
  )

/** The folder of a process that was killed, and the same with the file of an older backup. */
async function makeFolders(t: TestContext): Promise<{ readonly killed: string; readonly restored: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-open-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const [running, killed, restored] = ['running', 'killed', 'restored'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  await Promise.all([mkdir(killed), mkdir(restored)])
  await using storage = await open(running)
  await storage.transact((transaction) => transaction.write('create table notes (id integer primary key, text text)'))
  await grow(storage, 100)
  await storage.read('pragma wal_checkpoint(truncate)').catch(() => {})
  await copyFile(join(running, 'gateway.db'), join(restored, 'gateway.db'))
  // The automatic checkpoints put most pages into the file, and the log has only the last ones.
  for (let round = 0; round < 8; round++) await grow(storage, 1_000)
  await grow(storage, 10)
  await copyFile(join(running, 'gateway.db'), join(killed, 'gateway.db'))
  for (const to of [killed, restored]) await copyFile(join(running, 'gateway.db-wal'), join(to, 'gateway.db-wal'))
  return { killed, restored }
}

test('a killed process leaves a database that opens; a backup beside the log of another file is rejected', async (t) => {
  const { killed, restored } = await makeFolders(t)
  await using storage = await open(killed)
  const [row] = await storage.read('select count(*) as count from notes')
  assert.equal(row?.count, 8_110)
  await assert.rejects(
    open(restored),
    /gateway\.db: 데이터베이스 파일이 손상되었습니다.*\n.*restore a backup, and remove .*gateway\.db-wal and/,
  )
  // The lock of the folder is free again.
  await assert.rejects(open(restored), /the database file is damaged/)
})

/** Pauses take no time. */
function createFastClock() {
  let nowMs = 0
  return {
    ...realRuntime,
    now: () => new Date(nowMs),
    schedule(delayMs: number, work: () => void) {
      nowMs += delayMs
      const immediate = setImmediate(work)
      return () => clearImmediate(immediate)
    },
  }
}

for (const [url, says] of [
  ['postgres://shop:canary@127.0.0.1:1/sspay', /^Error: 127\.0\.0\.1:1: 데이터베이스를 쓸 수 없습니다: .*ECONNREFUSED/],
  ['postgres://shop:canary@localhost:1/sspay', /^Error: localhost:1: .*ECONNREFUSED/],
] as const)
  test(`a database that is away is waited for, then named with the cause: ${new URL(url).host}`, async () => {
    const runtime = createFastClock()
    const opening = openStorage({ databaseUrl: new Secret(url), connections: 1 }, { runtime, onError() {} })
    const cause: Error = await opening.then(
      () => assert.fail('it opens'),
      (cause) => cause,
    )
    assert.match(String(cause), says)
    assert.doesNotMatch(`${cause.stack}`, /canary/)
    assert.ok(runtime.now().getTime() >= 6_000)
  })
