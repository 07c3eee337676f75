import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, test } from 'node:test'
import { createJournalTable, sqliteJournal } from '../src/index.ts'
import { approvalTicket, expected, transactionId } from './samples.ts'

const entry = { transactionId, approvalTicket, expected, begunAt: new Date(0) }
const payment = { transactionId, ...expected }

let folder = ''
let database: DatabaseSync
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sspay-journal-'))
  database = openDatabase()
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

function openDatabase(): DatabaseSync {
  const opened = new DatabaseSync(join(folder, 'shop.db'), { timeout: 60_000 })
  opened.exec('pragma journal_mode = wal')
  opened.exec(createJournalTable)
  opened.exec('create table if not exists paid_orders (order_id text)')
  return opened
}

const markPaid = (to: DatabaseSync): void => to.exec(`insert into paid_orders values ('${expected.orderId}')`)
const timesMarkedPaid = (): number => Number(database.prepare('select count(*) as count from paid_orders').get()?.count)

test('an update that would go on after the transaction is rejected, and nothing is kept', async () => {
  const journal = sqliteJournal(database)
  await journal.begin(entry)
  await assert.rejects(
    journal.markPaid(payment, async (to) => markPaid(to)),
    /must be synchronous/,
  )
  assert.equal(timesMarkedPaid(), 0)
  assert.equal((await journal.pending()).length, 1)
})

test('marking paid inside a transaction of the shop is rolled back with it', async () => {
  const journal = sqliteJournal(database)
  await journal.begin(entry)
  database.exec('begin')
  assert.equal(await journal.markPaid(payment, markPaid), true)
  database.exec('rollback')
  assert.equal(timesMarkedPaid(), 0)
  assert.equal(await journal.markPaid(payment, markPaid), true)
})

test('an update that fails inside a transaction of the shop leaves the rest of it', async () => {
  const journal = sqliteJournal(database)
  await journal.begin(entry)
  database.exec('begin')
  markPaid(database)
  await assert.rejects(
    journal.markPaid(payment, () => {
      throw new Error('full')
    }),
    /full/,
  )
  database.exec('commit')
  assert.equal(timesMarkedPaid(), 1)
  assert.equal((await journal.pending()).length, 1)
})

test('nothing that must last is written inside a transaction of the shop: nobody knows whether it is kept', async () => {
  const journal = sqliteJournal(database)
  await journal.begin(entry)
  database.exec('begin')
  const writes = {
    begin: () => journal.begin(entry),
    recordOutcome: () => journal.recordOutcome(transactionId, 'cancelled'),
    abandon: () => journal.abandon(transactionId),
  }
  for (const [method, write] of Object.entries(writes))
    await assert.rejects(write(), new RegExp(`^Error: ${method} inside an open transaction`))
  database.exec('rollback')
  assert.equal((await journal.find(transactionId))?.state, 'begun')
})

test('the update that marks an order paid cannot record an outcome or abandon, because it may be rolled back', async () => {
  const journal = sqliteJournal(database)
  await journal.begin(entry)
  const rejected: Promise<unknown>[] = []
  await journal.markPaid(payment, (to) => {
    markPaid(to)
    rejected.push(assert.rejects(journal.recordOutcome(transactionId, 'cancelled'), /not durable/))
    rejected.push(assert.rejects(journal.abandon(transactionId), /not durable/))
  })
  await Promise.all(rejected)
  assert.equal((await journal.find(transactionId))?.state, 'paid')
})

test('an order that one connection has marked paid is not marked by another', async () => {
  const other = openDatabase()
  try {
    await sqliteJournal(database).begin(entry)
    const both = [database, other].map((each) => sqliteJournal(each).markPaid(payment, markPaid))
    assert.deepEqual((await Promise.all(both)).sort(), [false, true])
    assert.equal(timesMarkedPaid(), 1)
  } finally {
    other.close()
  }
})

test('open entries outlive the connection', async () => {
  await sqliteJournal(database).begin(entry)
  database.close()
  database = openDatabase()
  const [found] = await sqliteJournal(database).pending()
  assert.deepEqual(found, { ...entry, isApproved: false, isAbandoned: false })
})
