import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, test } from 'node:test'
import { createJournalTable, creditOnce, sqliteJournal } from '../src/index.ts'
import { approvalTicket, expected, transactionId } from './samples.ts'

const entry = { transactionId, approvalTicket, expected, intendedAt: new Date(0) }
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
  opened.exec('create table if not exists credits (order_id text)')
  return opened
}

const credit = (to: DatabaseSync): void => to.exec(`insert into credits values ('${expected.orderId}')`)
const credits = (): number => Number(database.prepare('select count(*) as count from credits').get()?.count)

test('an update that would go on after the transaction is refused, and nothing is kept', async () => {
  const journal = sqliteJournal(database)
  await journal.intend(entry)
  await assert.rejects(
    creditOnce(journal, payment, async (to) => credit(to)),
    /must be synchronous/,
  )
  assert.equal(credits(), 0)
  assert.equal((await journal.openEntries()).length, 1)
})

test('a credit inside a transaction of the shop goes with it', async () => {
  const journal = sqliteJournal(database)
  await journal.intend(entry)
  database.exec('begin')
  assert.equal(await creditOnce(journal, payment, credit), true)
  database.exec('rollback')
  assert.equal(credits(), 0)
  assert.equal(await creditOnce(journal, payment, credit), true)
})

test('a credit that fails inside a transaction of the shop leaves the rest of it', async () => {
  const journal = sqliteJournal(database)
  await journal.intend(entry)
  database.exec('begin')
  credit(database)
  await assert.rejects(
    creditOnce(journal, payment, () => {
      throw new Error('full')
    }),
    /full/,
  )
  database.exec('commit')
  assert.equal(credits(), 1)
  assert.equal((await journal.openEntries()).length, 1)
})

test('nothing that must last is written inside a transaction of the shop: nobody knows whether it is kept', async () => {
  const journal = sqliteJournal(database)
  await journal.intend(entry)
  database.exec('begin')
  const writes = {
    intend: () => journal.intend(entry),
    settle: () => journal.settle(transactionId, 'cancelled'),
    giveUp: () => journal.giveUp(transactionId),
  }
  for (const [method, write] of Object.entries(writes))
    await assert.rejects(write(), new RegExp(`^Error: ${method} inside an open transaction`))
  database.exec('rollback')
  assert.equal((await journal.find(transactionId))?.state, 'intended')
})

test('the update of a credit cannot settle or give up: it may be rolled back', async () => {
  const journal = sqliteJournal(database)
  await journal.intend(entry)
  const rejected: Promise<unknown>[] = []
  await creditOnce(journal, payment, (to) => {
    credit(to)
    rejected.push(assert.rejects(journal.settle(transactionId, 'cancelled'), /not durable/))
    rejected.push(assert.rejects(journal.giveUp(transactionId), /not durable/))
  })
  await Promise.all(rejected)
  assert.equal((await journal.find(transactionId))?.state, 'credited')
})

test('what one connection has credited no other credits', async () => {
  const other = openDatabase()
  try {
    await sqliteJournal(database).intend(entry)
    const both = [database, other].map((each) => creditOnce(sqliteJournal(each), payment, credit))
    assert.deepEqual((await Promise.all(both)).sort(), [false, true])
    assert.equal(credits(), 1)
  } finally {
    other.close()
  }
})

test('open entries outlive the connection', async () => {
  await sqliteJournal(database).intend(entry)
  database.close()
  database = openDatabase()
  const [found] = await sqliteJournal(database).openEntries()
  assert.deepEqual(found, { ...entry, isApproved: false, isGivenUp: false })
})
