import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type PostgresServer, startPostgres } from '../../../merchant/test/postgres.ts'
import { CommitUnknownError } from '../../src/storage/commit-unknown.ts'
import { openPostgres } from '../../src/storage/postgres.ts'
import { openSqlite } from '../../src/storage/sqlite.ts'
import type { ChangeSet, GivenRow, Storage } from '../../src/storage/storage.ts'
import { startAnswerCutter } from '../approval/answer-cutter.ts'
import { createRetryClock } from './retry-clock.ts'

let server: PostgresServer
let folder: string

before(async () => {
  server = await startPostgres()
  folder = await mkdtemp(join(tmpdir(), 'sspay-change-set-'))
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
  PostgreSQL: async () => openOn(await server.createDatabase()),
}

async function withTables<Result>(storage: Storage, work: () => Promise<Result>): Promise<Result> {
  try {
    await storage.transact(async (transaction) => {
      await transaction.write('create table doors (id text primary key not null, state text not null, at bigint)')
      await transaction.write('create table steps (id text primary key not null, text text, size bigint)')
      await transaction.write("insert into doors (id, state) values ('a', 'open'), ('b', 'shut'), ('c', 'open')")
    })
    return await work()
  } finally {
    await storage.close()
  }
}

const shut = (rows: readonly GivenRow[], isLast = true): ChangeSet => ({
  columns: { id: 'text', at: 'integer', text: 'text', size: 'integer' },
  key: 'id',
  rows,
  isLast,
  change:
    "update doors set state = 'shut', at = given.at from given where doors.id = given.id and doors.state = 'open'",
  consequences: ['insert into steps (id, text, size) select id, text, size from changed where text is not null'],
})

const change = (storage: Storage, changeSet: ChangeSet): Promise<ReadonlySet<string>> =>
  storage.transact((transaction) => transaction.changeSet(changeSet))

const rowsIn = async (storage: Storage, table: string): Promise<readonly object[]> =>
  (await storage.read(`select * from ${table} order by id`)).map((row) => ({ ...row }))

const given = [
  { id: 'a', at: 1_700_000_000_000, text: '문 "a" \\ {null}', size: -1 },
  { id: 'b', at: 2, text: 'is shut already', size: 2 },
  { id: 'c', at: 3, text: undefined, size: null },
  { id: 'nobody', at: 4, text: 'is not there', size: Number.MAX_SAFE_INTEGER },
]

for (const [name, open] of Object.entries(engines)) {
  describe(`a change set on ${name}`, () => {
    for (const isLast of [true, false])
      test(`changes what still can be, and adds what follows from that only (${isLast ? 'all' : 'a part'} of its transaction)`, async () => {
        const storage = await open()
        await withTables(storage, async () => {
          assert.deepEqual([...(await change(storage, shut(given, isLast)))].sort(), ['a', 'c'])
          assert.deepEqual(await rowsIn(storage, 'doors'), [
            { id: 'a', state: 'shut', at: 1_700_000_000_000 },
            { id: 'b', state: 'shut', at: null },
            { id: 'c', state: 'shut', at: 3 },
          ])
          assert.deepEqual(await rowsIn(storage, 'steps'), [{ id: 'a', text: '문 "a" \\ {null}', size: -1 }])
          assert.deepEqual([...(await change(storage, shut(given, isLast)))], [])
        })
      })

    test('changes nothing when what follows fails', async () => {
      const storage = await open()
      await withTables(storage, async () => {
        await storage.transact((transaction) => transaction.write("insert into steps (id) values ('a')"))
        await assert.rejects(change(storage, shut(given)), /unique|UNIQUE/)
        const open = await storage.read("select id from doors where state = 'open' order by id")
        assert.deepEqual(
          open.map(({ id }) => id),
          ['a', 'c'],
        )
      })
    })

    test('lets no statement follow when it is the last', async () => {
      const storage = await open()
      await withTables(storage, async () => {
        const more = storage.transact(async (transaction) => {
          await transaction.changeSet(shut(given))
          await transaction.write("delete from doors where id = 'a'")
        })
        await assert.rejects(more, /has ended/)
        assert.equal((await rowsIn(storage, 'doors')).length, 3)
      })
    })

    test('is seen by the statements of its transaction after it, and goes with them', async () => {
      const storage = await open()
      await withTables(storage, async () => {
        const undone = storage.transact(async (transaction) => {
          await transaction.changeSet(shut(given, false))
          const [found] = await transaction.read("select count(*) as count from doors where state = 'shut'")
          assert.equal(found?.count, 3)
          throw new Error('undo')
        })
        await assert.rejects(undone, /undo/)
        assert.deepEqual(await rowsIn(storage, 'steps'), [])
        assert.equal((await change(storage, shut(given))).size, 2)
      })
    })
  })
}

describe('a change set that is all of its transaction, on PostgreSQL', () => {
  test('is one message, with no begin and no commit', async () => {
    const url = await server.createDatabase()
    await using proxy = await startAnswerCutter(url)
    const storage = openOn(proxy.url)
    await withTables(storage, async () => {
      for (const text of ['begin\0', 'commit\0']) {
        proxy.cutAnswerTo(text)
        await change(storage, shut([]))
        assert.ok(proxy.isWaiting(), `${text} was sent`)
      }
      proxy.cutAnswerTo('never')
    })
  })

  test('is repeated when its answer is lost, and changes nothing twice', async () => {
    const url = await server.createDatabase()
    await using proxy = await startAnswerCutter(url)
    const storage = openOn(proxy.url)
    await withTables(storage, async () => {
      proxy.cutAnswerTo('문')
      const changed = await change(storage, shut(given))
      assert.ok(!proxy.isWaiting())
      // The database took it; what the repeat finds changed may have been anybody.
      assert.deepEqual([...changed], [])
      assert.equal((await rowsIn(storage, 'steps')).length, 1)
    })
  })

  test('is unknown when nobody is there any more to ask', async () => {
    const url = await server.createDatabase()
    const proxy = await startAnswerCutter(url)
    const storage = openOn(proxy.url, 200)
    await withTables(storage, async () => {
      proxy.endAtAnswerTo('문')
      await assert.rejects(change(storage, shut(given)), CommitUnknownError)
    })
  })
})
