import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { createJournalTable, type SqliteDatabase, type SqlValue, sqliteJournal } from '../src/index.ts'
import { approvalTicket, expected, transactionId } from './samples.ts'

/** The rules of the storage of a Durable Object, over `node:sqlite`: transactions only by `transactionSync`. */
function durableDatabase() {
  const database = new DatabaseSync(':memory:')
  return {
    exec(sql: string): void {
      if (/^\s*(begin|commit|rollback|savepoint|release)\b/i.test(sql))
        throw new Error('use the state.storage.transactionSync() API instead of SQL BEGIN TRANSACTION or SAVEPOINT')
      database.exec(sql)
    },
    prepare: (sql: string) => ({ all: (...values: SqlValue[]): unknown[] => database.prepare(sql).all(...values) }),
    transactionSync(work: () => void): void {
      database.exec('begin')
      try {
        work()
      } catch (error) {
        database.exec('rollback')
        throw error
      }
      database.exec('commit')
    },
  } satisfies SqliteDatabase
}

const entry = { transactionId, approvalTicket, expected, begunAt: new Date(0) }
const payment = { transactionId, ...expected }

test('the storage of a Durable Object marks a payment paid with its order, once, or neither', async () => {
  const database = durableDatabase()
  database.exec(`${createJournalTable} create table paid (order_id text)`)
  const journal = sqliteJournal(database)
  const markPaid = (to: typeof database): unknown => to.exec(`insert into paid values ('${expected.orderId}')`)
  const timesPaid = (): number => database.prepare('select * from paid').all().length
  await journal.begin(entry)
  const failing = journal.markPaid(payment, (connection) => {
    markPaid(connection)
    throw new Error('not open')
  })
  await assert.rejects(failing, /not open/)
  assert.deepEqual([timesPaid(), (await journal.find(transactionId))?.state], [0, 'begun'])
  assert.equal(await journal.markPaid(payment, markPaid), true)
  assert.equal(await journal.markPaid(payment, markPaid), false)
  assert.deepEqual([timesPaid(), (await journal.find(transactionId))?.state], [1, 'paid'])
})
