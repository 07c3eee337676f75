import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { closing } from '../../../../test/support/closing.ts'
import { type PostgresServer, startPostgres } from '../../../merchant/test/postgres.ts'
import { createKeyRing } from '../../src/keyring.ts'
import { saveMerchant } from '../../src/merchants/store.ts'
import { realRuntime } from '../../src/runtime.ts'
import { Secret } from '../../src/secret.ts'
import { readByKey } from '../../src/storage/batching.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { openSqlite } from '../../src/storage/sqlite.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { testMerchant, testRootKey } from '../support.ts'
import { openTestPostgres } from '../test-storage.ts'

const keyRing = createKeyRing(realRuntime, new Secret(testRootKey))

let server: PostgresServer
let folder: string

before(async () => {
  server = await startPostgres()
  folder = await mkdtemp(join(tmpdir(), 'sspay-by-key-'))
})
after(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

async function openOnPostgres(): Promise<Storage> {
  const url = await server.createSchema()
  return openTestPostgres(url)
}

const engines = [
  { engine: 'SQLite', open: () => openSqlite(join(folder, 'gateway.db')), statements: 1 },
  { engine: 'PostgreSQL', open: openOnPostgres, statements: 2 },
]

for (const { engine, open, statements } of engines) {
  test(`twenty concurrent reads by key on ${engine} take ${statements} statements, and each receives its own row`, async () => {
    await using opened = closing(await open())
    await migrate(opened)
    const merchantIds = ['merchant1m', 'merchant2m', 'merchant3m']
    for (const merchantId of merchantIds)
      await saveMerchant({ storage: opened, keyRing }, { ...testMerchant, merchantId })
    let asked = 0
    const storage: Storage = {
      ...opened,
      read(sql, params) {
        asked += 1
        return opened.read(sql, params)
      },
    }
    const wanted = Array.from({ length: 20 }, (_, index) => [...merchantIds, 'nobody'][index % 4] as string)
    const found = await Promise.all(
      wanted.map((key) => readByKey(storage, { table: 'merchants', column: 'merchant_id' }, key)),
    )
    assert.deepEqual(
      found.map((row) => row?.merchant_id ?? 'nobody'),
      wanted,
    )
    assert.equal(asked, statements)
  })
}
