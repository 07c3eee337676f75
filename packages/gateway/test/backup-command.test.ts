import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { backupHelp, runBackup } from '../src/backup-command.ts'
import { Secret } from '../src/secret.ts'
import { openSqlite } from '../src/storage/sqlite.ts'
import { createCancelTest } from './cancellation/support.ts'
import { nowhere, runCommand } from './run-command.ts'

async function makeFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-backup-'))
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }))
  return folder
}

test('help names every option and the exit codes; wrong usage leads there', async () => {
  const { code, out } = await runCommand(runBackup, { place: nowhere }, '--help')
  assert.deepEqual([code, out], [0, backupHelp])
  for (const args of [[], ['a', 'b'], ['--all']]) {
    const wrong = await runCommand(runBackup, { place: nowhere }, ...args)
    assert.deepEqual([wrong.code, /sspay-gateway backup --help/.test(wrong.reported)], [2, true], args.join(' '))
  }
  const place = () => ({ databaseUrl: new Secret('postgres://a:b@c/d'), connections: 1 })
  const postgres = await runCommand(runBackup, { place }, 'gateway.db')
  assert.deepEqual([postgres.code, /With PostgreSQL use pg_dump/.test(postgres.reported)], [2, true])
})

test('beside a gateway that writes: the state of one moment, in one file that only its owner reads', async (t) => {
  const folder = await makeFolder(t)
  const to = join(folder, 'gateway-copy.db')
  await using pay = await createCancelTest({ folder })
  for (let paid = 0; paid < 30; paid++) await pay.approvedPayment()
  const writing = (async () => {
    for (let paid = 0; paid < 10; paid++) await pay.approvedPayment()
  })()
  const environment = { SSPAY_DATA: folder, SSPAY_MERCHANTS: '/etc/sspay/merchants.json' }
  const { code, out, reported } = await runCommand(runBackup, { environment }, to, '--json')
  await writing
  assert.equal(code, 0, reported)
  const { size: bytes, mode } = await stat(to)
  assert.equal(mode & 0o777, 0o600)
  const keepToo = { rootKey: join(folder, 'keys', 'root.key'), merchants: '/etc/sspay/merchants.json' }
  assert.deepEqual(JSON.parse(out), { file: to, bytes, keepToo })
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith('gateway-copy')),
    ['gateway-copy.db'],
  )
  const copy = await openSqlite(to)
  const [row] = await copy.read<{ readonly count: number }>('select count(*) as count from payments')
  await copy.close()
  assert.ok((row?.count ?? 0) >= 30)
})

test('an existing file is rejected, and replaced when asked; a partial file of a killed run goes', async (t) => {
  const folder = await makeFolder(t)
  const to = join(folder, 'copy')
  await (await createCancelTest({ folder })).close()
  await Promise.all([writeFile(to, 'mine'), writeFile(`${to}.partial`, 'killed')])
  const environment = { SSPAY_DATA: folder, SSPAY_ROOT_KEY: 'a'.repeat(64) }
  const rejected = await runCommand(runBackup, { environment }, to)
  assert.deepEqual([rejected.code, /use --replace/.test(rejected.reported)], [1, true])
  assert.equal(await readFile(to, 'utf8'), 'mine')
  const { code, out } = await runCommand(runBackup, { environment }, to, '--replace')
  assert.equal(code, 0)
  assert.match(out, /backed up: .*copy .*\n.*\n {2}루트 키 \/ root key: SSPAY_ROOT_KEY\n {2}.*없음 \/ none\n$/)
  assert.match((await readFile(to)).toString('latin1'), /^SQLite format 3/)
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith('copy')),
    ['copy'],
  )
})

test('no database, another database, a folder that takes no file: exit code 1 with the cause', async (t) => {
  const folder = await makeFolder(t)
  const environment = { SSPAY_DATA: folder }
  const none = await runCommand(runBackup, { environment }, join(folder, 'copy'))
  assert.deepEqual([none.code, /There is no database/.test(none.reported)], [1, true])
  await (await openSqlite(join(folder, 'gateway.db'))).close()
  const other = await runCommand(runBackup, { environment }, join(folder, 'copy'))
  assert.deepEqual([other.code, /Not an sspay gateway database/.test(other.reported)], [1, true])
  await (await createCancelTest({ folder })).close()
  const missing = await runCommand(runBackup, { environment }, join(folder, 'none', 'copy'))
  assert.deepEqual([missing.code, /It cannot be copied to .*none.*ENOENT/.test(missing.reported)], [1, true])
})
