import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { closing } from '../../../test/support/closing.ts'
import { startPostgres } from '../../merchant/test/postgres.ts'
import { moveHelp, runMove } from '../src/move-command.ts'
import { openGateway } from '../src/open-gateway.ts'
import { realRuntime } from '../src/runtime.ts'
import { Secret } from '../src/secret.ts'
import { openStorage } from '../src/storage/open-storage.ts'
import { openSqlite } from '../src/storage/sqlite.ts'
import { runVerify } from '../src/verify-command.ts'
import { everyEnd } from './archive/support.ts'
import { createCancelTest } from './cancellation/support.ts'
import { nowhere, runCommand } from './run-command.ts'
import { testRootKey, testSettings } from './support.ts'

async function makeFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-move-'))
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }))
  return folder
}

test('help names every option and the exit codes; wrong usage leads there', async (t) => {
  const { code, out } = await runCommand(runMove, { place: nowhere }, '--help')
  assert.deepEqual([code, out], [0, moveHelp])
  const [nothing, option] = [await runCommand(runMove, {}), await runCommand(runMove, {}, '--too')]
  assert.deepEqual([nothing.code, /--from: .*data folder is missing/.test(nothing.reported)], [2, true])
  assert.deepEqual([option.code, /sspay-gateway move --help/.test(option.reported)], [2, true])
  const folder = await makeFolder(t)
  const noTarget = await runCommand(runMove, { environment: { SSPAY_DATA: folder } })
  assert.deepEqual([noTarget.code, /PostgreSQL to move into is missing/.test(noTarget.reported)], [2, true])
  const place = () => ({ databaseUrl: new Secret('postgres://a:b@127.0.0.1:1/c'), connections: 1 })
  const noSource = await runCommand(runMove, { place }, '--from', folder)
  assert.deepEqual([noSource.code, /There is no database/.test(noSource.reported)], [1, true])
})

test('a database with payments is moved and verified, a gateway serves it, and a second move does nothing', async (t) => {
  const server = await startPostgres()
  t.after(() => server.stop())
  const folder = await makeFolder(t)
  {
    await using pay = await createCancelTest({ folder, openStorage: openSqlite })
    await everyEnd(pay)
  }
  const url = await server.createDatabase()
  const environment = { SSPAY_DATABASE_URL: url, SSPAY_DATA: folder }
  {
    await using _ = closing(await openStorage({ dataFolder: folder }, { runtime: realRuntime, onError() {} }))
    const beside = await runCommand(runMove, { environment })
    assert.deepEqual([beside.code, /Another gateway is running/.test(beside.reported)], [1, true])
  }
  const moved = await runCommand(runMove, { environment })
  assert.equal(moved.code, 0, moved.reported)
  assert.match(
    moved.out,
    / {2}payments {2}6\n[\s\S]*rows a second\n.*the same as the source\. 온전합니다 \/ intact: 6건/,
  )
  assert.match(moved.reported, /the move begins/)
  // The source is only read, so it can be moved a second time.
  const elsewhere = { ...environment, SSPAY_DATABASE_URL: await server.createDatabase() }
  const { rows, copied, copyMs, rowsPerSecond } = JSON.parse(
    (await runCommand(runMove, { environment: elsewhere }, '--json')).out,
  )
  assert.equal(rows.payments, 6)
  assert.equal(rowsPerSecond, Math.round(copied / Math.max(0.001, copyMs / 1_000)))

  const again = await runCommand(runMove, { environment }, '--json')
  assert.deepEqual([again.code, again.out], [0, '{"alreadyMoved":true}\n'])
  assert.equal((await runCommand(runVerify, { environment })).code, 0)
  await using gateway = closing(
    await openGateway({
      place: { databaseUrl: new Secret(url), connections: 2 },
      rootKey: new Secret(testRootKey),
      settings: testSettings,
      cardNetworkUrl: 'http://127.0.0.1:1',
      identityUrl: 'http://127.0.0.1:1',
      logDestination: { write: () => {} },
      hasWorkers: false,
    }),
  )
  assert.equal(await (await gateway.fetch(new Request('http://localhost/readyz'))).text(), 'ready\n')
})
