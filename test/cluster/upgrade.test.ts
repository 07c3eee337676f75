import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startPostgres } from '../../packages/merchant/test/postgres.ts'
import { upgradeUnderLoad } from './upgrade-under-load.ts'

test('an upgrade beside a long read, and the way back, lose no approval and let them pass meanwhile', async (t) => {
  const server = await startPostgres()
  t.after(() => server.stop())
  const databaseUrl = await server.createDatabase()
  const size = { readerMs: 4_000, payments: 2_000, lanes: 2 }
  const { lost, wrongLedgers, errors, besideReader } = await upgradeUnderLoad({
    databaseUrl,
    ...size,
    migrateBy: 'command',
  })
  assert.deepEqual({ lost, wrongLedgers, errors }, { lost: 0, wrongLedgers: 0, errors: {} })
  assert.ok(besideReader > 0)
})
