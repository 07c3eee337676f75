import assert from 'node:assert/strict'
import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { closing } from '../../../test/support/closing.ts'
import { runBackup } from '../src/backup-command.ts'
import { openGateway } from '../src/open-gateway.ts'
import { restoreHelp, runRestore } from '../src/restore-command.ts'
import { realRuntime } from '../src/runtime.ts'
import { Secret } from '../src/secret.ts'
import { openStorage } from '../src/storage/open-storage.ts'
import { openSqlite } from '../src/storage/sqlite.ts'
import { createCancelTest } from './cancellation/support.ts'
import { nowhere, runCommand } from './run-command.ts'
import { testRootKey, testSettings } from './support.ts'
import { write } from './verification/support.ts'

interface Place {
  readonly folder: string
  /** A backup with one payment. */
  readonly backup: string
  readonly environment: { readonly SSPAY_DATA: string; readonly SSPAY_ROOT_KEY: string }
}

/** A gateway's folder with two payments, the second one after the backup. */
async function createPlace(t: TestContext): Promise<Place> {
  const parent = await mkdtemp(join(tmpdir(), 'sspay-restore-'))
  t.after(() => rm(parent, { recursive: true, force: true, maxRetries: 10 }))
  const [folder, backup] = [join(parent, 'data'), join(parent, 'backup.db')]
  const environment = { SSPAY_DATA: folder, SSPAY_ROOT_KEY: testRootKey }
  await (await openStorage({ dataFolder: folder }, { runtime: realRuntime, onError() {} })).close()
  await using pay = await createCancelTest({ folder })
  await pay.approvedPayment()
  assert.equal((await runCommand(runBackup, { environment }, backup)).code, 0)
  await pay.approvedPayment()
  return { folder, backup, environment }
}

async function countPayments(file: string): Promise<number> {
  const storage = await openSqlite(file)
  const [row] = await storage.read<{ readonly count: number }>('select count(*) as count from payments')
  await storage.close()
  return row?.count ?? 0
}

test('help names every option and the exit codes; wrong usage leads there', async () => {
  const { code, out } = await runCommand(runRestore, { place: nowhere }, '--help')
  assert.deepEqual([code, out], [0, restoreHelp])
  const wrong = await runCommand(runRestore, { place: nowhere })
  assert.deepEqual([wrong.code, /sspay-gateway restore --help/.test(wrong.reported)], [2, true])
})

test('a backup takes the place of the database, which is kept; a gateway starts on it', async (t) => {
  const { folder, backup, environment } = await createPlace(t)
  const asked = await runCommand(runRestore, { environment }, backup)
  assert.deepEqual([asked.code, /use --replace/.test(asked.reported)], [1, true])
  const { code, out, reported } = await runCommand(runRestore, { environment }, backup, '--replace', '--json')
  assert.equal(code, 0, reported)
  const { restored, kept, verified, rootKey } = JSON.parse(out)
  assert.deepEqual([restored, verified.payments, verified.found, rootKey], [true, 1, 0, 'fits'])
  assert.deepEqual([await countPayments(join(folder, 'gateway.db')), await countPayments(kept)], [1, 2])
  await using gateway = closing(
    await openGateway({
      place: { dataFolder: folder },
      rootKey: new Secret(testRootKey),
      settings: testSettings,
      cardNetworkUrl: 'http://127.0.0.1:1',
      identityUrl: 'http://127.0.0.1:1',
      logDestination: { write: () => {} },
      hasWorkers: false,
    }),
  )
  const running = await runCommand(runRestore, { environment }, backup, '--replace')
  assert.deepEqual([running.code, /Another gateway is running/.test(running.reported)], [1, true])
  assert.equal(gateway.context.settings, testSettings)
})

test('an empty machine: no root key yet is said, and a damaged former database is kept with its log', async (t) => {
  const { folder, backup } = await createPlace(t)
  const environment = { SSPAY_DATA: join(folder, 'new') }
  const { code, out } = await runCommand(runRestore, { environment }, backup)
  assert.equal(code, 0)
  assert.match(out, /되살렸습니다 \/ restored\. 온전합니다.*\n.*no root key yet.*\n.*payments after the backup/)
  assert.equal(await countPayments(join(folder, 'new', 'gateway.db')), 1)

  const live = await openSqlite(join(folder, 'gateway.db'))
  await write(live, 'update payments set last_asked_at = 1')
  await copyFile(join(folder, 'gateway.db-wal'), join(folder, 'new', 'gateway.db-wal'))
  await live.close()
  await writeFile(join(folder, 'new', 'gateway.db'), 'x'.repeat(20_000))
  assert.equal((await runCommand(runRestore, { environment }, backup, '--replace')).code, 0)
  const names = (await readdir(join(folder, 'new'))).map((name) => name.replace(/\d{14}/, 'TIME')).toSorted()
  assert.deepEqual(names, ['gateway.db', 'gateway.db.before-TIME', 'gateway.db.before-TIME-wal', 'gateway.lock'])
})

test('a backup that is not intact, of another root key, or no backup changes nothing', async (t) => {
  const { folder, backup, environment } = await createPlace(t)
  const key = { ...environment, SSPAY_ROOT_KEY: 'b'.repeat(64) }
  const other = await runCommand(runRestore, { environment: key }, backup, '--replace')
  assert.deepEqual([other.code, /The root key is not the one/.test(other.reported)], [2, true])

  const opened = await openSqlite(backup)
  await write(opened, 'delete from payment_events where sequence = 2')
  await opened.close()
  const damaged = await runCommand(runRestore, { environment }, backup, '--replace')
  assert.deepEqual([damaged.code, /event 2 is missing/.test(damaged.out)], [1, true])

  const text = join(folder, 'text')
  await writeFile(text, 'no database')
  const wrong = await runCommand(runRestore, { environment }, text, '--replace')
  assert.deepEqual([wrong.code, /It cannot be copied/.test(wrong.reported)], [1, true])
  const missing = await runCommand(runRestore, { environment }, `${backup}.not`, '--replace')
  assert.deepEqual([missing.code, /There is no database/.test(missing.reported)], [1, true])

  assert.equal(await countPayments(join(folder, 'gateway.db')), 2)
  const left = (await readdir(folder)).filter((name) => name.startsWith('gateway.db.'))
  assert.deepEqual(left, [])
})
