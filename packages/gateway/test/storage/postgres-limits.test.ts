import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { closing } from '../../../../test/support/closing.ts'
import { until } from '../../../../test/support/until.ts'
import { type PostgresServer, startPostgres } from '../../../merchant/test/postgres.ts'
import { openPostgres } from '../../src/storage/postgres.ts'
import { DatabaseAwayError, SchemaBlockedError, type Storage } from '../../src/storage/storage.ts'
import { createRetryClock } from './retry-clock.ts'

let server: PostgresServer

before(async () => {
  server = await startPostgres()
})
after(() => server.stop())

const open = (url: string, retryBudgetMs = 3_000): Storage =>
  openPostgres({ runtime: createRetryClock(), url, connections: 2, retryBudgetMs, onError() {} })

/** A transaction in another session. */
async function openSession(url: string, ...statements: readonly string[]): Promise<pg.Client & AsyncDisposable> {
  const client = new pg.Client(url)
  await client.connect()
  for (const statement of statements) await client.query(statement)
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}

async function createNotes(place = server.createSchema()): Promise<string> {
  const url = await place
  await using _ = await openSession(url, 'create table notes (id text primary key)', "insert into notes values ('a')")
  return url
}

const insert = (storage: Storage, id: string): Promise<number> =>
  storage.transact((transaction) => transaction.write('insert into notes (id) values (?1)', [id]))

const addColumn = (storage: Storage, forMs: number, onBlocked = (): void => {}): Promise<number> =>
  storage.changeSchema((transaction) => transaction.write('alter table notes add column more text'), {
    forMs,
    onBlocked,
  })

const waitingForNotes = "select pid from pg_locks where relation = 'notes'::regclass and not granted"

const settings = `select application_name, current_setting('statement_timeout') as statement,
  current_setting('lock_timeout') as lock from pg_stat_activity where pid = pg_backend_pid()`

test('a connection has a name and the limits of the gateway, whatever is set for its role; a migration has none', async () => {
  const url = await createNotes(server.createDatabase())
  const name = new URL(url).pathname.slice(1)
  {
    await using _ = await openSession(url, `alter database ${name} set statement_timeout = 100`)
  }
  await using storage = closing(open(url))
  const [found] = await storage.read(settings)
  assert.deepEqual({ ...found }, { application_name: 'sspay-gateway', statement: '8s', lock: '2s' })
  await storage.read('select pg_sleep(0.2)')
  const ofMigration = await storage.changeSchema(
    async (transaction) => {
      await transaction.read('select pg_sleep(0.2)')
      return transaction.read(settings)
    },
    { forMs: 0, onBlocked() {} },
  )
  assert.deepEqual({ ...ofMigration[0] }, { application_name: 'sspay-gateway', statement: '0', lock: '300ms' })
  await using named = closing(open(`${url}?application_name=north`))
  assert.equal((await named.read(settings))[0]?.application_name, 'north')
})

test('the client gives up a query of the pool after ten seconds, and one of a migration never', async (t) => {
  await using storage = closing(open(await createNotes(), 0))
  await storage.read('select 1')
  const afterAnHour = async (query: () => Promise<unknown>): Promise<unknown> => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const running = query()
    await new Promise(setImmediate)
    t.mock.timers.tick(3_600_000)
    t.mock.timers.reset()
    return running
  }
  const sleep = 'select pg_sleep(0.3)'
  await assert.rejects(
    afterAnHour(() => storage.read(sleep)),
    /Query read timeout/,
  )
  await storage.changeSchema((transaction) => afterAnHour(() => transaction.read(sleep)), { forMs: 0, onBlocked() {} })
})

test('what waits for a lock is cancelled in the server before its client gives it up', async () => {
  const url = await createNotes()
  await using blocker = await openSession(url, 'begin', 'lock table notes')
  await using storage = closing(open(url, 0))
  const waiting = insert(storage, 'b').catch((cause: unknown) => cause)
  await until(async () => (await blocker.query(waitingForNotes)).rows.length === 1)
  const cause = await waiting
  assert.ok(cause instanceof DatabaseAwayError)
  assert.match(cause.message, /lock timeout/)
  assert.deepEqual((await blocker.query(waitingForNotes)).rows, [])
})

test('what waits for a lock tries again for the retry budget', async () => {
  const url = await createNotes()
  await using blocker = await openSession(url, 'begin', 'lock table notes')
  const causes: unknown[] = []
  await using storage = closing(
    openPostgres({
      runtime: createRetryClock(),
      url,
      connections: 2,
      retryBudgetMs: 3_000,
      onError: (cause) => causes.push(cause),
    }),
  )
  const waiting = insert(storage, 'b')
  await until(() => causes.length > 0)
  await blocker.query('commit')
  assert.equal(await waiting, 1)
})

test('a migration beside a long read does not hold payments up, and ends when the read has', async () => {
  const url = await createNotes()
  await using backup = await openSession(url, 'begin', 'select * from notes')
  await using storage = closing(open(url, 0))
  let blocked = 0
  const altering = addColumn(storage, Number.POSITIVE_INFINITY, () => blocked++)
  await until(async () => (await backup.query(waitingForNotes)).rows.length === 1)
  assert.equal(await insert(storage, 'beside'), 1)
  await until(() => blocked > 0)
  await backup.query('commit')
  await altering
  assert.deepEqual(
    (await storage.read('select id, more from notes order by id')).map((row) => ({ ...row })),
    [
      { id: 'a', more: null },
      { id: 'beside', more: null },
    ],
  )
})

test('a migration that may not wait says that others use its tables', async () => {
  const url = await createNotes()
  await using _ = await openSession(url, 'begin', 'select * from notes')
  await using storage = closing(open(url))
  await assert.rejects(addColumn(storage, 0), SchemaBlockedError)
})
