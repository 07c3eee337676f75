import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type PostgresServer, startPostgres } from '../../../merchant/test/postgres.ts'
import { openPostgres } from '../../src/storage/postgres.ts'
import { openSqlite } from '../../src/storage/sqlite.ts'
import { CommitUnknownError, type ConditionalUpdate, type GivenRow, type Storage } from '../../src/storage/storage.ts'
import { startAnswerCutter } from '../approval/answer-cutter.ts'
import { createRetryClock } from './retry-clock.ts'

let server: PostgresServer
let folder: string

before(async () => {
  server = await startPostgres()
  folder = await mkdtemp(join(tmpdir(), 'sspay-update-where-'))
})
after(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const openOn = (url: string, retryBudgetMs = 3_000): Storage =>
  openPostgres({ runtime: createRetryClock(), url, connections: 4, retryBudgetMs, onError() {} })

let files = 0
const engines: Readonly<Record<string, () => Promise<Storage>>> = {
  SQLite: () => openSqlite(join(folder, `${files++}.db`)),
  PostgreSQL: async () => openOn(await server.createSchema()),
}

async function withTables<Result>(storage: Storage, work: () => Promise<Result>): Promise<Result> {
  try {
    await storage.transact(async (transaction) => {
      await transaction.write('create table orders (id text primary key not null, state text not null, at bigint)')
      await transaction.write('create table notes (id text primary key not null, text text, size bigint)')
      await transaction.write("insert into orders (id, state) values ('a', 'open'), ('b', 'closed'), ('c', 'open')")
    })
    return await work()
  } finally {
    await storage.close()
  }
}

const closed = (rows: readonly GivenRow[], isLast = true): ConditionalUpdate => ({
  columns: { id: 'text', at: 'integer', text: 'text', size: 'integer' },
  key: 'id',
  rows,
  isLast,
  update:
    "update orders set state = 'closed', at = given.at from given where orders.id = given.id and orders.state = 'open'",
  followUps: ['insert into notes (id, text, size) select id, text, size from changed where text is not null'],
})

const change = (storage: Storage, update: ConditionalUpdate): Promise<ReadonlySet<string>> =>
  storage.transact((transaction) => transaction.updateWhere(update))

const rowsIn = async (storage: Storage, table: string): Promise<readonly object[]> =>
  (await storage.read(`select * from ${table} order by id`)).map((row) => ({ ...row }))

const given = [
  { id: 'a', at: 1_700_000_000_000, text: '문 "a" \\ {null}', size: -1 },
  { id: 'b', at: 2, text: 'is closed already', size: 2 },
  { id: 'c', at: 3, text: undefined, size: null },
  { id: 'nobody', at: 4, text: 'is not there', size: Number.MAX_SAFE_INTEGER },
]

for (const [name, open] of Object.entries(engines)) {
  describe(`a conditional update on ${name}`, () => {
    for (const isLast of [true, false])
      test(`changes the rows that meet the condition, and runs follow-ups for those only (${isLast ? 'all' : 'a part'} of its transaction)`, async () => {
        const storage = await open()
        await withTables(storage, async () => {
          assert.deepEqual([...(await change(storage, closed(given, isLast)))].sort(), ['a', 'c'])
          assert.deepEqual(await rowsIn(storage, 'orders'), [
            { id: 'a', state: 'closed', at: 1_700_000_000_000 },
            { id: 'b', state: 'closed', at: null },
            { id: 'c', state: 'closed', at: 3 },
          ])
          assert.deepEqual(await rowsIn(storage, 'notes'), [{ id: 'a', text: '문 "a" \\ {null}', size: -1 }])
          assert.deepEqual([...(await change(storage, closed(given, isLast)))], [])
        })
      })

    test('changes nothing when a follow-up fails', async () => {
      const storage = await open()
      await withTables(storage, async () => {
        await storage.transact((transaction) => transaction.write("insert into notes (id) values ('a')"))
        await assert.rejects(change(storage, closed(given)), /unique|UNIQUE/)
        const open = await storage.read("select id from orders where state = 'open' order by id")
        assert.deepEqual(
          open.map(({ id }) => id),
          ['a', 'c'],
        )
      })
    })

    test('rejects a statement after the last one', async () => {
      const storage = await open()
      await withTables(storage, async () => {
        const more = storage.transact(async (transaction) => {
          await transaction.updateWhere(closed(given))
          await transaction.write("delete from orders where id = 'a'")
        })
        await assert.rejects(more, /has ended/)
        assert.equal((await rowsIn(storage, 'orders')).length, 3)
      })
    })

    test('is visible to later statements of its transaction, and rolled back with them', async () => {
      const storage = await open()
      await withTables(storage, async () => {
        const undone = storage.transact(async (transaction) => {
          await transaction.updateWhere(closed(given, false))
          const [found] = await transaction.read("select count(*) as count from orders where state = 'closed'")
          assert.equal(found?.count, 3)
          throw new Error('undo')
        })
        await assert.rejects(undone, /undo/)
        assert.deepEqual(await rowsIn(storage, 'notes'), [])
        assert.equal((await change(storage, closed(given))).size, 2)
      })
    })
  })
}

describe('a conditional update that is a whole transaction, on PostgreSQL', () => {
  test('is one message, without begin and commit', async () => {
    const url = await server.createSchema()
    await using proxy = await startAnswerCutter(url)
    const storage = openOn(proxy.url)
    await withTables(storage, async () => {
      for (const text of ['begin\0', 'commit\0']) {
        proxy.cutAnswerTo(text)
        await change(storage, closed([]))
        assert.ok(proxy.isWaiting(), `${text} was sent`)
      }
      proxy.cutAnswerTo('never')
    })
  })

  test('is retried when its answer is lost, and changes nothing twice', async () => {
    const url = await server.createSchema()
    await using proxy = await startAnswerCutter(url)
    const storage = openOn(proxy.url)
    await withTables(storage, async () => {
      proxy.cutAnswerTo('문')
      const changed = await change(storage, closed(given))
      assert.ok(!proxy.isWaiting())
      // Committed by the first attempt; the retry cannot tell that from another caller's change.
      assert.deepEqual([...changed], [])
      assert.equal((await rowsIn(storage, 'notes')).length, 1)
    })
  })

  test('is unknown when the database stays unreachable', async () => {
    const url = await server.createSchema()
    const proxy = await startAnswerCutter(url)
    const storage = openOn(proxy.url, 200)
    await withTables(storage, async () => {
      proxy.endAtAnswerTo('문')
      await assert.rejects(change(storage, closed(given)), CommitUnknownError)
    })
  })
})
