import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { migrate } from '../../src/storage/migrate.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { openTestStorage, tableNames } from '../test-storage.ts'

let folder: string
let storage: Storage
let opened = 0

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sspay-migrate-'))
})
after(() => rm(folder, { recursive: true, force: true }))
beforeEach(async () => {
  storage = await openTestStorage(join(folder, `${opened++}.db`))
})
afterEach(() => storage.close())

test('an empty database gets every table', async () => {
  await migrate(storage)
  assert.deepEqual(await tableNames(storage), [
    'archive_watermark',
    'archives',
    'bill_key_charges',
    'bill_keys',
    'cancel_password_attempts',
    'cancellations',
    'cards',
    'keypads',
    'members',
    'merchants',
    'move_progress',
    'notification_targets',
    'notifications',
    'passkey_challenges',
    'passkeys',
    'payment_events',
    'payments',
    'request_log',
    'root_keys',
    'schema_migrations',
    'spent_deletions',
    'window_sessions',
  ])
})

test('running again, or twice at once, changes nothing', async () => {
  await Promise.all([migrate(storage), migrate(storage)])
  const versions = () => storage.read('select * from schema_migrations')
  const first = await versions()
  await migrate(storage)
  assert.deepEqual(await versions(), first)
})

test('a database from a newer program is rejected with a message and left alone', async () => {
  await migrate(storage)
  await storage.transact((transaction) =>
    transaction.write(
      "insert into schema_migrations (version, name) values (9999, '9999-from-the-future-contracts.sql')",
    ),
  )
  await assert.rejects(migrate(storage), /version 9999, this program knows versions up to \d+: start the newer program/)
})

test('a migration that fails leaves nothing behind', async () => {
  await storage.transact((transaction) => transaction.write('create table keypads (mine text)'))
  await assert.rejects(migrate(storage), /keypads"? already exists/)
  assert.deepEqual(await tableNames(storage), ['keypads'])
})
