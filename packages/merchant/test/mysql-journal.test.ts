import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { PoolConnection, RowDataPacket } from 'mysql2/promise'
import { mysqlJournal } from '../src/index.ts'
import { assertOutlivesRollback, entry, entryOf, payment, testJournal } from './journal-contract.ts'
import { openMysqlRecords, type ShopRecords } from './journals.ts'
import { type MysqlServer, startMysql } from './mysql.ts'

let mysql: MysqlServer | undefined
before(async () => {
  mysql = await startMysql()
})
after(async () => mysql?.stop())

const server = (): MysqlServer => mysql as MysqlServer
const markPaid = (records: ShopRecords, what = payment): Promise<boolean> =>
  records.journal.markPaid(what, records.markOrderPaid(what.orderId))

testJournal('mysql', async () => openMysqlRecords(await server().openDatabase()))
testJournal('mysql that counts changed rows only, over a connection in another character set', async () =>
  openMysqlRecords(await server().openDatabase({ flags: ['-FOUND_ROWS'], charset: 'EUCKR_KOREAN_CI' })),
)

for (const level of ['read uncommitted', 'read committed', 'repeatable read', 'serializable'])
  test(`forty payments of twenty orders at once mark each order paid once: ${level}`, async () => {
    const pool = await server().openDatabase()
    pool.pool.on('connection', (connection) => connection.query(`set session transaction isolation level ${level}`))
    const records = await openMysqlRecords(pool)
    const entries = Array.from({ length: 40 }, (_, index) => entryOf(1001 + index, `ORD${index % 20}`))
    const calls = entries.flatMap((each) => {
      const what = { transactionId: each.transactionId, ...each.expected }
      return [records.journal.begin(each), markPaid(records, what), markPaid(records, what)]
    })
    const results = await Promise.all(calls)
    assert.equal(results.filter((result) => result === true).length, 20)
    for (let order = 0; order < 20; order += 1) assert.equal(await records.timesPaid(`ORD${order}`), 1)
  })

test('identifiers that differ in case, accent, a space at the end or a letter that EUC-KR lacks are different', async () => {
  const records = await openMysqlRecords(await server().openDatabase({ charset: 'EUCKR_KOREAN_CI' }))
  const orders = ['Ord', 'ord', 'ord ', 'òrd', '주문😀', '주문😁', `o'r\\d"`]
  for (const [index, orderId] of orders.entries()) {
    assert.equal(await records.journal.begin(entryOf(1001 + index, orderId)), 'new')
    assert.deepEqual(
      (await records.journal.pendingFor(orderId)).map(({ expected }) => expected.orderId),
      [orderId],
    )
  }
  const [first] = await records.journal.pendingFor('Ord')
  assert.ok(first !== undefined)
  const other = { ...first, transactionId: first.transactionId.toUpperCase() }
  assert.deepEqual([await records.journal.begin(other), await records.journal.begin(other)], ['new', 'known'])
})

test('times are kept to the millisecond, whatever the time zones of server and driver', async () => {
  const pool = await server().openDatabase({ timezone: '-03:00' })
  pool.pool.on('connection', (connection) => connection.query(`set time_zone = '+09:00'`))
  const records = await openMysqlRecords(pool)
  await records.journal.begin(entry)
  assert.deepEqual((await records.journal.pending())[0]?.begunAt, entry.begunAt)
})

test('an update sees what others committed before it runs', async () => {
  const pool = await server().openDatabase()
  const records = await openMysqlRecords(pool)
  await records.journal.begin(entry)
  const seen = await records.journal.markPaid(payment, async (connection) => {
    await pool.query(`insert into orders values ('OTHER', 7)`)
    const [rows] = await (connection as PoolConnection).query<RowDataPacket[]>('select times_paid from orders')
    assert.deepEqual(
      rows.map((row) => row.times_paid),
      [7],
    )
  })
  assert.equal(seen, true)
})

test('an update whose transaction ended inside it is not called paid', async () => {
  const records = await openMysqlRecords(await server().openDatabase())
  await records.journal.begin(entry)
  // As after a deadlock whose error the update catches.
  const update = (connection: unknown) => (connection as PoolConnection).query('rollback')
  await assert.rejects(records.journal.markPaid(payment, update), /ended inside the update/)
  assert.equal((await records.journal.pending()).length, 1)
  assert.equal(await markPaid(records), true)
})

test('a deadlock of the update reaches the caller, and its update is not run again', async () => {
  const records = await openMysqlRecords(await server().openDatabase())
  await records.journal.begin(entry)
  let runs = 0
  const update = (): void => {
    runs += 1
    throw Object.assign(new Error('Deadlock found'), { code: 'ER_LOCK_DEADLOCK' })
  }
  await assert.rejects(records.journal.markPaid(payment, update), /Deadlock found/)
  assert.equal(runs, 1)
  assert.equal(await markPaid(records), true)
})

test('what the journal writes outlives a transaction of the shop that is rolled back', async () =>
  assertOutlivesRollback(await openMysqlRecords(await server().openDatabase())))

test('a connection without autocommit, or with an open transaction, is rejected before an approval is requested', async () => {
  for (const statement of ['set autocommit = 0', 'start transaction']) {
    const pool = await server().openDatabase({ connectionLimit: 1 })
    await openMysqlRecords(pool)
    await pool.query(statement)
    await assert.rejects(mysqlJournal(pool).begin(entry), /inside an open transaction/)
  }
})
