import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type PostgresServer, startPostgres } from '../../../merchant/test/postgres.ts'
import { claimNotifications } from '../../src/notifications/store.ts'
import { countRows } from '../storage/count-rows.ts'
import { createTestContext } from '../support.ts'
import { openTestPostgres } from '../test-storage.ts'

let server: PostgresServer

before(async () => {
  server = await startPostgres()
})
after(() => server.stop())

const limit = 16
const waiting = 5_000

for (const [knows, delivered] of [
  ['nothing of the table', 0],
  ['of delivered notifications only', 20_000],
] as const)
  test(`a claim reads no more rows than it claims while PostgreSQL knows ${knows}`, async (t) => {
    const storage = openTestPostgres(await server.createSchema())
    const { context, close } = await createTestContext({ openStorage: async () => storage })
    t.after(close)
    const write = (sql: string) => storage.transact((transaction) => transaction.write(sql))
    await write('alter table notifications set (autovacuum_enabled = off)')
    await write(copies('delivered', delivered))
    await write('analyze notifications')
    await write(copies('pending', waiting))

    const counted = countRows(storage, 'notifications')
    const now = context.runtime.now()
    const claim = { now, until: new Date(now.getTime() + 30_000), limit, except: [] }
    assert.equal((await claimNotifications({ storage: counted.storage }, claim)).length, limit)
    assert.ok(counted.rows() < waiting / 10, `${counted.rows()} rows were read`)
  })

const copies = (state: string, count: number): string =>
  `insert into notifications
     (transaction_id, sequence, merchant_id, payment_state, enqueued_at, state, body_encrypted, next_attempt_at)
   select '${state}' || n, 1, 'shop1', 'approved', n, '${state}', repeat('x', 300), n from generate_series(1, ${count}) as n`
