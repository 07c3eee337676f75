import assert from 'node:assert/strict'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { test } from 'node:test'
import { createJournalTable, type SqliteDatabase, sqliteJournal } from '../src/index.ts'
import { approvalTicket, expected, transactionId } from './samples.ts'

type Value = string | number | null
type Named = Readonly<Record<string, Value>>

/** The differences of `better-sqlite3`, over `node:sqlite`: its rules and error messages. */
class NamedDatabase {
  readonly #database = new DatabaseSync(':memory:')

  get inTransaction(): boolean {
    return this.#database.isTransaction
  }

  exec(sql: string): this {
    this.#database.exec(sql)
    return this
  }

  prepare(sql: string) {
    const statement = this.#database.prepare(sql)
    const names = new Set(Array.from(sql.matchAll(/\?(\d)/g), ([, name = '']) => name))
    const reader = /^\s*select|\breturning\b/i.test(sql)
    const bind = (given: readonly unknown[]): Value[] => {
      const [named] = given as readonly Named[]
      if (given.length > 1 || (named !== undefined && typeof named !== 'object'))
        throw new RangeError('Too many parameter values were provided')
      for (const name of names)
        if (named?.[name] === undefined) throw new RangeError(`Missing named parameter "${name}"`)
      return [...names].sort().map((name) => named?.[name] ?? null)
    }
    return {
      reader,
      all(...given: unknown[]) {
        if (!reader) throw new TypeError('This statement does not return data. Use run() instead')
        return statement.all(...bind(given))
      },
      run: (...given: unknown[]): ReturnType<StatementSync['run']> => statement.run(...bind(given)),
    }
  }
}

const entry = { transactionId, approvalTicket, expected, begunAt: new Date(0) }
const payment = { transactionId, ...expected }

test('a journal keeps payments through named parameters, and marks one paid with its order', async () => {
  const database = new NamedDatabase().exec(createJournalTable).exec('create table paid (order_id text)')
  const journal = sqliteJournal(database)
  const markPaid = (to: NamedDatabase): unknown => to.exec(`insert into paid values ('${expected.orderId}')`)
  assert.deepEqual([await journal.begin(entry), await journal.begin(entry)], ['new', 'known'])
  await journal.recordOutcome(transactionId, 'approved')
  assert.deepEqual(await journal.pendingFor(expected.orderId), [{ ...entry, isApproved: true, isAbandoned: false }])
  await assert.rejects(
    journal.markPaid(payment, () => {
      throw new Error('full')
    }),
    /full/,
  )
  assert.equal(database.inTransaction, false)
  assert.deepEqual(
    [await journal.markPaid(payment, markPaid), await journal.markPaid(payment, markPaid)],
    [true, false],
  )
  assert.deepEqual(database.prepare('select order_id from paid').all().length, 1)
  assert.deepEqual(await journal.pending(), [])
  await journal.recordOutcome(transactionId, 'cancelled')
  assert.equal((await journal.find(transactionId))?.state, 'cancelled')
})

test('nothing that must last is written inside a transaction of the shop', async () => {
  const database = new NamedDatabase().exec(createJournalTable)
  const journal = sqliteJournal(database)
  database.exec('begin')
  await assert.rejects(journal.begin(entry), /begin inside an open transaction/)
})

const others: Readonly<Record<string, unknown>> = {
  'rows as arrays': new DatabaseSync(':memory:', { returnArrays: true } as object),
  'answers later': { exec() {}, prepare: () => ({ all: async () => [{ answer: 1 }] }) },
  'an answer by callback': { exec() {}, prepare: () => ({ all: () => undefined }) },
  'a pool of PostgreSQL': { query() {} },
  nothing: undefined,
}

for (const [name, database] of Object.entries(others))
  test(`a connection of another kind is rejected at once, with the cure: ${name}`, () => {
    assert.throws(
      () => sqliteJournal(database as SqliteDatabase),
      (error) =>
        error instanceof TypeError && /new DatabaseSync\(file\) of node:sqlite, or new Database/.test(error.message),
    )
  })
