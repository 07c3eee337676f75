import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type PostgresServer, startPostgres } from '../../../merchant/test/postgres.ts'
import { movePayment } from '../../src/approval/move-payment.ts'
import { countRows } from '../storage/count-rows.ts'
import { createTestContext } from '../support.ts'
import { openTestPostgres } from '../test-storage.ts'

let server: PostgresServer

before(async () => {
  server = await startPostgres()
})
after(() => server.stop())

/** PostgreSQL keeps a plan from its sixth use on. */
const movesWhileSmall = 20
const storedLater = 5_000

test('a move reads no more than it moves on a table that has grown since its plan was made', async (t) => {
  const storage = openTestPostgres(await server.createDatabase())
  const { context, close } = await createTestContext({ openStorage: async () => storage })
  t.after(close)
  const write = (sql: string) => storage.transact((transaction) => transaction.write(sql))
  await write('alter table payments set (autovacuum_enabled = off)')
  await write(payments(1, movesWhileSmall + 1))
  const counted = countRows(storage, 'payments')
  const move = (number: number) =>
    movePayment(
      { ...context, storage: counted.storage },
      {
        transactionId: `payment-${number}`,
        at: context.runtime.now(),
        from: 'authenticated',
        event: 'approvalRequested',
        known: { merchantId: 'shop1', head: { sequence: 2, hash: '' } },
      },
    )
  for (let number = 1; number <= movesWhileSmall; number++) assert.ok(await move(number))
  await write(payments(movesWhileSmall + 2, storedLater))

  const before = counted.rows()
  assert.ok(await move(movesWhileSmall + 1))
  // Its connection may still count what it read for the moves before.
  assert.ok(counted.rows() - before < storedLater / 10, `${counted.rows() - before} rows were read`)
})

const payments = (from: number, to: number): string =>
  `insert into payments (transaction_id, merchant_id, order_id, amount, state, request_public, request_encrypted,
     requested_at, state_changed_at, window_expires_at, event_sequence, event_hash)
   select 'payment-' || n, 'shop1', 'order-' || n, 1004, 'authenticated', '{}', '', 1, 1, 1, 2, ''
   from generate_series(${from}, ${to}) as n`
