import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { realRuntime, Secret } from '@sspay/gateway'
import { openStorage } from '../../packages/gateway/src/storage/open-storage.ts'
import { startPostgres } from '../../packages/merchant/test/postgres.ts'

const options = { runtime: realRuntime, onError() {} }
/** SQLite's `synchronous = full`. */
const full = 2

test('the connection that commits waits for the disk on SQLite', async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'sspay-synchronous-'))
  const storage = await openStorage({ dataFolder }, options)
  try {
    const found = await storage.transact(async (transaction) => [
      ...(await transaction.read('pragma synchronous')),
      ...(await transaction.read('pragma journal_mode')),
    ])
    assert.deepEqual(
      found.map((row) => ({ ...row })),
      [{ synchronous: full }, { journal_mode: 'wal' }],
    )
  } finally {
    await storage.close()
    await rm(dataFolder, { recursive: true, force: true })
  }
})

test('the connections that commit leave the wait for the disk to PostgreSQL, which waits', async () => {
  const server = await startPostgres({ isDurable: true })
  try {
    const databaseUrl = new Secret(await server.createDatabase())
    const storage = await openStorage({ databaseUrl, connections: 1 }, options)
    const found = await storage.transact(async (transaction) => [
      ...(await transaction.read('show synchronous_commit')),
      ...(await transaction.read('show fsync')),
    ])
    await storage.close()
    assert.deepEqual(
      found.map((row) => ({ ...row })),
      [{ synchronous_commit: 'on' }, { fsync: 'on' }],
    )
  } finally {
    await server.stop()
  }
})
