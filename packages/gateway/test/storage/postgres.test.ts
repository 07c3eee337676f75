import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type pg from 'pg'
import { closing } from '../../../../test/support/closing.ts'
import { runSql } from '../../../../test/support/run-sql.ts'
import { until } from '../../../../test/support/until.ts'
import { type PostgresServer, startPostgres } from '../../../merchant/test/postgres.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { openPostgres } from '../../src/storage/postgres.ts'
import { addressesOf, CommitUnknownError, type Storage, type Transaction } from '../../src/storage/storage.ts'
import { startAnswerCutter } from '../approval/answer-cutter.ts'
import { createRetryClock } from './retry-clock.ts'

let server: PostgresServer
const errors: unknown[] = []

before(async () => {
  server = await startPostgres()
})
after(() => server.stop())

const open = (url: string, retryBudgetMs = 3_000): Storage =>
  openPostgres({
    runtime: createRetryClock(),
    url,
    connections: 4,
    retryBudgetMs,
    onError: (cause) => errors.push(cause),
  })

async function withStorage(work: (storage: Storage, url: string) => Promise<void>): Promise<void> {
  const url = await server.createSchema()
  const storage = open(url)
  try {
    await storage.transact((transaction) =>
      transaction.write('create table notes (id text primary key not null, amount bigint)'),
    )
    await work(storage, url)
  } finally {
    await storage.close()
  }
}

const insert = (transaction: Transaction, id: string): Promise<number> =>
  transaction.write('insert into notes (id, amount) values (?1, 0)', [id])

const idsIn = async (storage: Storage): Promise<readonly string[]> =>
  (await storage.read<{ id: string }>('select id from notes order by id')).map(({ id }) => id)

const killOthers = (url: string): Promise<pg.QueryResult> =>
  runSql(
    url,
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )

describe('PostgreSQL as the storage', () => {
  test('money and milliseconds are numbers, and what a number cannot hold is rejected', () =>
    withStorage(async (storage) => {
      await storage.transact((transaction) =>
        transaction.write('insert into notes values (?1, ?2)', ['a', Number.MAX_SAFE_INTEGER]),
      )
      const [sum] = await storage.read('select sum(amount) as total, count(*) as count from notes')
      assert.deepEqual({ ...sum }, { total: Number.MAX_SAFE_INTEGER, count: 1 })
      await assert.rejects(storage.read('select amount + 1 as more from notes'), /not a safe integer/)
    }))

  test('a set of rows travels as one parameter', () =>
    withStorage(async (storage) => {
      const given = [
        { id: '007', amount: 1_700_000_000_000 },
        { id: 'quote\'" 한글', amount: null },
        { id: 'the least', amount: Number.MIN_SAFE_INTEGER },
        { id: 'the most', amount: Number.MAX_SAFE_INTEGER },
        { id: 'under zero', amount: -1 },
      ]
      const rows = storage.rows({ id: 'text', amount: 'integer' }, '?1')
      await storage.transact((transaction) =>
        transaction.write(`insert into notes (id, amount) select id, amount from ${rows} as given`, [given]),
      )
      const stored = await storage.read('select id, amount from notes order by id')
      assert.deepEqual(
        stored.map((row) => ({ ...row })),
        given,
      )
    }))

  test('a transaction that throws leaves nothing, and a statement after its end is rejected', () =>
    withStorage(async (storage) => {
      let kept: Transaction | undefined
      const failing = storage.transact(async (transaction) => {
        kept = transaction
        await insert(transaction, 'a')
        throw new Error('no a today')
      })
      await assert.rejects(failing, /no a today/)
      assert.deepEqual(await idsIn(storage), [])
      await assert.rejects(kept?.write("insert into notes values ('late', 0)") ?? Promise.resolve(), /has ended/)
    }))

  test('of fifty that want the same row one wins', () =>
    withStorage(async (storage) => {
      await storage.transact((transaction) => insert(transaction, 'ticket'))
      const claim = (): Promise<number> =>
        storage.transact((transaction) =>
          transaction.write("update notes set amount = 1 where id = 'ticket' and amount = 0"),
        )
      const claims = await Promise.all(Array.from({ length: 50 }, claim))
      assert.equal(claims.filter((claimed) => claimed === 1).length, 1)
    }))

  test('who adds a row that somebody else has just added sees it the second time', () =>
    withStorage(async (storage) => {
      let turns = 0
      const allHaveLooked = Promise.withResolvers<void>()
      const addOnce = (): Promise<boolean> =>
        storage.transact(async (transaction) => {
          const [known] = await transaction.read("select 1 from notes where id = 'one'")
          if (++turns === 3) allHaveLooked.resolve()
          if (known !== undefined) return false
          await allHaveLooked.promise
          await insert(transaction, 'one')
          return true
        })
      const added = await Promise.all([addOnce(), addOnce(), addOnce()])
      assert.equal(added.filter(Boolean).length, 1)
      assert.ok(turns > 3)
    }))

  test('of two transactions in a deadlock one is run again, and both succeed', () =>
    withStorage(async (storage) => {
      await storage.transact(async (transaction) => {
        await insert(transaction, 'a')
        await insert(transaction, 'b')
      })
      const raise = (ids: readonly string[]): Promise<void> =>
        storage.transact(async (transaction) => {
          for (const id of ids) {
            await transaction.write('update notes set amount = amount + 1 where id = ?1', [id])
            await transaction.read('select pg_sleep(0.1)')
          }
        })
      await Promise.all([raise(['a', 'b']), raise(['b', 'a'])])
      const rows = await storage.read<{ amount: number }>('select amount from notes')
      assert.deepEqual(
        rows.map(({ amount }) => amount),
        [2, 2],
      )
    }))

  test('a new column does not spoil the statements that were prepared before', () =>
    withStorage(async (storage, url) => {
      await storage.transact((transaction) => insert(transaction, 'a'))
      await storage.read('select * from notes')
      await runSql(url, 'alter table notes add column more text')
      const rows = await Promise.all(Array.from({ length: 8 }, () => storage.read('select * from notes')))
      assert.deepEqual({ ...rows[7]?.[0] }, { id: 'a', amount: 0, more: null })
    }))

  test('who brings the tables up to date waits for who is at it already', async () => {
    const url = await server.createSchema()
    const [first, second] = [open(url), open(url)]
    const { promise: isOver, resolve: end } = Promise.withResolvers<void>()
    const { promise: isLocked, resolve: tellLocked } = Promise.withResolvers<void>()
    const holding = first.changeSchema(
      async () => {
        tellLocked()
        await isOver
      },
      { forMs: 0, onBlocked() {} },
    )
    await isLocked
    const migrating = migrate(second)
    const count = async (sql: string): Promise<number> => Number((await runSql(url, sql)).rows[0]?.count)
    const waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    await until(async () => (await count(waiting)) > 0)
    const tables = 'select count(*) from information_schema.tables where table_schema = current_schema'
    assert.equal(await count(tables), 0)
    end()
    await Promise.all([holding, migrating])
    assert.ok((await count(tables)) > 0)
    await Promise.all([first.close(), second.close()])
  })

  test('several that bring the tables up to date at once do it once', async () => {
    const url = await server.createSchema()
    const storages = [open(url), open(url), open(url)]
    await Promise.all(storages.map((storage) => migrate(storage)))
    const [payments] = await (storages[0] as Storage).read('select count(*) as count from payments')
    assert.equal(payments?.count, 0)
    await Promise.all(storages.map((storage) => storage.close()))
  })
})

const stormRounds = 100

const killedConnection =
  /terminating connection|Connection terminated|timeout exceeded when trying to connect|ECONNRESET/

describe('connections that break', () => {
  test('a storm of killed connections loses and doubles nothing, and the process lives', () =>
    withStorage(async (storage, url) => {
      const names = Array.from({ length: 200 }, (_, index) => `n${String(index).padStart(3, '0')}`)
      const storm = (async () => {
        for (let round = 0; round < stormRounds; round++) await killOthers(url)
      })()
      const outcomes = await Promise.allSettled(
        names.map((name) => storage.transact((transaction) => insert(transaction, name))),
      )
      await storm
      const stored = new Set(await idsIn(storage))
      for (const [index, outcome] of outcomes.entries()) {
        const isStored = stored.has(names[index] ?? '')
        if (outcome.status === 'fulfilled') assert.ok(isStored, names[index])
        else if (!(outcome.reason instanceof CommitUnknownError)) {
          // A storm that outlasts the retry budget: the last error of a killed connection, and nothing is written.
          assert.match(String(outcome.reason), killedConnection)
          assert.ok(!isStored, names[index])
        }
      }
    }))

  test('a commit whose answer is lost is unknown, and not run again', async () => {
    const url = await server.createSchema()
    await using proxy = await startAnswerCutter(url)
    await using storage = closing(open(proxy.url))
    await storage.transact((transaction) =>
      transaction.write('create table notes (id text primary key, amount bigint)'),
    )
    proxy.cutAnswerTo('commit\0')
    let turns = 0
    const cut = storage.transact(async (transaction) => {
      turns++
      await insert(transaction, 'a')
    })
    await assert.rejects(cut, CommitUnknownError)
    assert.equal(turns, 1)
    assert.deepEqual(await idsIn(storage), ['a'])
  })

  test('of two hosts it works with the one that takes writes, and moves when that one is gone', async () => {
    const url = await server.createSchema()
    await using first = await startAnswerCutter(url)
    await using second = await startAnswerCutter(url)
    const { host } = new URL(second.url)
    await using storage = closing(
      open(first.url.replace(new URL(first.url).host, `${new URL(first.url).host},${host}`)),
    )
    await storage.transact((transaction) =>
      transaction.write('create table notes (id text primary key, amount bigint)'),
    )
    await first.close()
    await storage.transact((transaction) => insert(transaction, 'a'))
    assert.deepEqual(await idsIn(storage), ['a'])
  })

  test('a host that accepts no writes is left', async () => {
    const url = await server.createSchema()
    await runSql(url, `alter database ${new URL(url).pathname.slice(1)} set default_transaction_read_only = on`)
    await using storage = closing(open(url, 300))
    errors.length = 0
    const failed: unknown = await storage.read('select 1').catch((cause: unknown) => cause)
    assert.ok(failed instanceof Error)
    assert.ok([...errors, failed].some((cause) => /accepts no writes/.test(String(cause))))
  })

  test('an unreachable server is an error after the timeout, without the password', async () => {
    const storage = open('postgres://shop:canary-password@127.0.0.1:1/nothing', 200)
    const error = await storage.read('select 1').catch((cause: unknown) => cause)
    assert.ok(error instanceof Error)
    assert.doesNotMatch(`${error.stack}`, /canary/)
    await storage.close()
    await assert.rejects(storage.read('select 1'), /is closed/)
  })
})

test('an address names its hosts, and what is none is not shown', () => {
  assert.deepEqual(addressesOf('postgres://u:p@a:1,b:2/d?x=1'), [
    'postgres://u:p@a:1/d?x=1',
    'postgres://u:p@b:2/d?x=1',
  ])
  for (const wrong of ['', 'mysql://a/b', 'canary', 'postgres://'])
    assert.throws(() => addressesOf(wrong), /^Error: The database address is not postgres:/)
})
