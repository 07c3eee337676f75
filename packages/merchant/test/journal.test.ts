import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type pg from 'pg'
import { assertOutlivesRollback, entry, payment, testJournal } from './journal-contract.ts'
import { openMemoryRecords, openPostgresRecords, openSqliteRecords } from './journals.ts'
import { type PostgresServer, startPostgres } from './postgres.ts'

let postgres: PostgresServer | undefined
before(async () => {
  postgres = await startPostgres()
})
after(async () => postgres?.stop())

testJournal('memory', openMemoryRecords)
testJournal('sqlite', () => openSqliteRecords())
testJournal('postgres', () => openPostgresRecords(postgres as PostgresServer))

test('an update that PostgreSQL silently rolled back is not reported as paid', async () => {
  const records = await openPostgresRecords(postgres as PostgresServer)
  await records.journal.begin(entry)
  const update = async (connection: unknown): Promise<void> => {
    await records.markOrderPaid(payment.orderId)(connection)
    await (connection as pg.PoolClient).query('insert into letters values (1)').catch(() => {})
  }
  await assert.rejects(records.journal.markPaid(payment, update), /nothing was marked paid/)
  assert.equal(await records.timesPaid(payment.orderId), 0)
  assert.equal((await records.journal.pending()).length, 1)
})

test('on PostgreSQL what the journal writes outlives a transaction of the shop that is rolled back', async () =>
  assertOutlivesRollback(await openPostgresRecords(postgres as PostgresServer)))
