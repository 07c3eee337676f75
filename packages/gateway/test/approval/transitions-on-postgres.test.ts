import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type PostgresServer, startPostgres } from '../../../merchant/test/postgres.ts'
import { transitionPayment } from '../../src/approval/transition.ts'
import { countRows } from '../storage/count-rows.ts'
import { createTestContext } from '../support.ts'
import { openTestPostgres } from '../test-storage.ts'

let server: PostgresServer

before(async () => {
  server = await startPostgres()
})
after(() => server.stop())

/** PostgreSQL keeps the generic plan of a prepared statement from its sixth use on. */
const transitionsWhileSmall = 20
const storedLater = 5_000

test('a transition reads no more than it changes on a table that has grown since its plan was made', async (t) => {
  const storage = openTestPostgres(await server.createSchema())
  const { context, close } = await createTestContext({ openStorage: async () => storage })
  t.after(close)
  const write = (sql: string) => storage.transact((transaction) => transaction.write(sql))
  await write('alter table payments set (autovacuum_enabled = off)')
  await write(payments(1, transitionsWhileSmall + 1))
  const counted = countRows(storage, 'payments')
  const claim = (number: number) =>
    transitionPayment(
      { ...context, storage: counted.storage },
      {
        transactionId: `payment-${number}`,
        at: context.runtime.now(),
        from: 'authenticated',
        event: 'approvalRequested',
        expected: { merchantId: 'shop1', head: { sequence: 2, hash: '' } },
      },
    )
  for (let number = 1; number <= transitionsWhileSmall; number++) assert.ok(await claim(number))
  await write(payments(transitionsWhileSmall + 2, storedLater))

  const before = counted.rows()
  assert.ok(await claim(transitionsWhileSmall + 1))
  // Its connection may still count what it read for the transitions before.
  assert.ok(counted.rows() - before < storedLater / 10, `${counted.rows() - before} rows were read`)
})

const payments = (from: number, to: number): string =>
  `insert into payments (transaction_id, merchant_id, order_id, amount, state, request_public, request_encrypted,
     requested_at, state_changed_at, window_expires_at, event_sequence, event_hash)
   select 'payment-' || n, 'shop1', 'order-' || n, 1004, 'authenticated', '{}', '', 1, 1, 1, 2, ''
   from generate_series(${from}, ${to}) as n`
