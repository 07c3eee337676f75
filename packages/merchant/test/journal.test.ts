import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type pg from 'pg'
import { entry, entryOf, payment, testJournal } from './journal-contract.ts'
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

test('what PostgreSQL silently took back is not called credited', async () => {
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

test('on PostgreSQL what the journal writes outlives a transaction of the shop that is rolled back', async () => {
  const server = postgres as PostgresServer
  const records = await openPostgresRecords(server)
  const second = entryOf(1002)
  const failing = records.journal.markPaid(payment, async () => {
    await records.journal.begin(second)
    await records.journal.recordOutcome(second.transactionId, 'approved')
    await records.journal.abandon(second.transactionId)
    throw new Error('the shop rolls back')
  })
  await assert.rejects(failing, /the shop rolls back/)
  assert.equal(await records.journal.find(entry.transactionId), undefined)
  assert.equal((await records.journal.find(second.transactionId))?.state, 'approved_abandoned')
})
