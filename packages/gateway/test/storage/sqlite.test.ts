import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { closing } from '../../../../test/support/closing.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { openSqlite } from '../../src/storage/sqlite.ts'
import type { Storage, Transaction } from '../../src/storage/storage.ts'

let folder: string
let storage: Storage
let opened = 0

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sspay-storage-'))
})
after(() => rm(folder, { recursive: true, force: true }))

const newFile = (): string => join(folder, `storage-${opened++}.db`)

async function withStorage(work: (file: string) => Promise<void>): Promise<void> {
  const file = newFile()
  storage = await openSqlite(file)
  try {
    await storage.transact((transaction) =>
      transaction.write('create table notes (id text primary key not null, amount bigint)'),
    )
    await work(file)
  } finally {
    await storage.close()
  }
}

const insert = (transaction: Transaction, id: string): Promise<number> =>
  transaction.write('insert into notes (id, amount) values (?1, 0)', [id])

const ids = async (): Promise<readonly string[]> =>
  (await storage.read<{ id: string }>('select id from notes order by id')).map(({ id }) => id)

const spawnProgram = (program: string) =>
  spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['pipe', 'pipe', 'inherit'] })

/** Commits are the frames of the write-ahead log that carry the size of the database (SQLite file format, 4.1). */
async function countCommits(file: string): Promise<number> {
  const log = await readFile(`${file}-wal`)
  const pageSize = log.readUInt32BE(8)
  let commits = 0
  for (let frame = 32; frame + 24 <= log.length; frame += 24 + pageSize)
    if (log.readUInt32BE(frame + 4) > 0) commits += 1
  return commits
}

test('transactions that wait together all arrive, with far fewer commits than transactions', () =>
  withStorage(async (file) => {
    const before = await countCommits(file)
    const names = Array.from({ length: 64 }, (_, index) => `n${String(index).padStart(2, '0')}`)
    await Promise.all(names.map((name) => storage.transact((transaction) => insert(transaction, name))))
    assert.deepEqual(await ids(), names)
    assert.equal((await countCommits(file)) - before, 1)
  }))

test('one transaction after another is one commit each', () =>
  withStorage(async (file) => {
    const before = await countCommits(file)
    for (const name of ['a', 'b', 'c']) await storage.transact((transaction) => insert(transaction, name))
    assert.equal((await countCommits(file)) - before, 3)
  }))

test('work that throws takes back its own rows only', () =>
  withStorage(async () => {
    const outcomes = await Promise.allSettled(
      ['a', 'b', 'c'].map((name) =>
        storage.transact(async (transaction) => {
          await insert(transaction, name)
          if (name === 'b') throw new Error('no b today')
          return name
        }),
      ),
    )
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : String(outcome.reason))),
      ['a', 'Error: no b today', 'c'],
    )
    assert.deepEqual(await ids(), ['a', 'c'])
  }))

test('a broken constraint fails only its own transaction', () =>
  withStorage(async () => {
    const outcomes = await Promise.allSettled(
      ['a', 'a', 'b'].map((name) => storage.transact((transaction) => insert(transaction, name))),
    )
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    assert.deepEqual(await ids(), ['a', 'b'])
  }))

test('a transaction sees what earlier ones of its group wrote; a conditional update has one winner', () =>
  withStorage(async () => {
    await storage.transact((transaction) => insert(transaction, 'ticket'))
    const claims = await Promise.all(
      Array.from({ length: 50 }, () =>
        storage.transact((transaction) =>
          transaction.write("update notes set amount = 1 where id = 'ticket' and amount = 0"),
        ),
      ),
    )
    assert.equal(claims.filter((claimed) => claimed === 1).length, 1)
  }))

test('reads never see rows before their commit, and see them right after', () =>
  withStorage(async () => {
    let seenInside: readonly string[] = []
    await storage.transact(async (transaction) => {
      await insert(transaction, 'a')
      seenInside = await ids()
    })
    assert.deepEqual(seenInside, [])
    assert.deepEqual(await ids(), ['a'])
  }))

test('reading cannot write', () =>
  withStorage(() => assert.rejects(storage.read("insert into notes (id) values ('a')"))))

test('a set of rows travels as one parameter', () =>
  withStorage(async () => {
    const given = [
      { id: '007', amount: 1_700_000_000_000 },
      { id: 'quote\'" 한글', amount: null },
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
    const changed = await storage.transact((transaction) =>
      transaction.read(
        `update notes set amount = given.amount from ${rows} as given where notes.id = given.id returning notes.id, notes.amount`,
        [[{ id: '007', amount: 5 }]],
      ),
    )
    assert.deepEqual({ ...changed[0] }, { id: '007', amount: 5 })
  }))

test('a transaction that waits for anything but its statements is rejected and blocks no other', () =>
  withStorage(async () => {
    const slow = storage.transact(async (transaction) => {
      await insert(transaction, 'slow')
      await new Promise((resolve) => setTimeout(resolve, 50))
      await insert(transaction, 'too late')
    })
    const nested = storage.transact(() => storage.transact((transaction) => insert(transaction, 'inner')))
    const quick = storage.transact((transaction) => insert(transaction, 'quick'))
    await assert.rejects(slow, /await nothing but its own statements/)
    await assert.rejects(nested, /await nothing but its own statements/)
    assert.equal(await quick, 1)
    await storage.transact(() => new Promise<void>((resolve) => queueMicrotask(resolve)))
    assert.deepEqual(await ids(), ['inner', 'quick'])
  }))

test('a statement after the end of its transaction is rejected', () =>
  withStorage(async () => {
    let kept: Transaction | undefined
    await storage.transact(async (transaction) => {
      kept = transaction
    })
    await assert.rejects(kept?.write("insert into notes (id) values ('late')") ?? Promise.resolve(), /has ended/)
    await assert.rejects(kept?.read('select 1') ?? Promise.resolve(), /has ended/)
  }))

test('many different statements and many groups go through', () =>
  withStorage(async () => {
    const names = Array.from({ length: 600 }, (_, index) => `n${index}`)
    await Promise.all(
      names.map((name) =>
        storage.transact((transaction) => transaction.write(`insert into notes (id) values ('${name}')`)),
      ),
    )
    assert.equal((await ids()).length, 600)
  }))

test('a commit that cannot be had rejects everyone in it, and the next one works', () =>
  withStorage(async () => {
    await storage.transact((transaction) =>
      transaction.write(
        'create table children (id text primary key not null, parent text references notes (id) deferrable initially deferred)',
      ),
    )
    // A deferred foreign key is checked by the outer commit.
    const outcomes = await Promise.allSettled([
      storage.transact((transaction) => transaction.write("insert into children (id, parent) values ('c', 'nobody')")),
      storage.transact((transaction) => insert(transaction, 'same group')),
    ])
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected'],
    )
    await storage.transact((transaction) => insert(transaction, 'next group'))
    assert.deepEqual(await ids(), ['next group'])
  }))

test('closing finishes what waits and then rejects everything', async () => {
  const file = newFile()
  const closing = await openSqlite(file)
  const created = closing.transact((transaction) => transaction.write('create table t (a text)'))
  await closing.close()
  await created
  await closing.close()
  await assert.rejects(closing.read('select 1'), /the storage is closed/)
  await assert.rejects(
    closing.transact(async () => 1),
    /the storage is closed/,
  )
})

test('a file that is no database is named in the error', async () => {
  const file = newFile()
  await writeFile(file, 'this is a shopping list, and long enough to be no empty database file'.repeat(20))
  await assert.rejects(
    openSqlite(file),
    (error: Error) => error.message.includes(file) && /SQLite database/.test(error.message),
  )
})

test('the file is for its owner only', async () => {
  const file = newFile()
  await using _own = closing(await openSqlite(file))
  assert.equal((await stat(file)).mode & 0o777, 0o600)
})

test('another process that holds the write lock is waited for', () =>
  withStorage(async (file) => {
    const program = `
      import { DatabaseSync } from 'node:sqlite'
      const other = new DatabaseSync(${JSON.stringify(file)})
      other.exec("begin immediate; insert into notes (id) values ('other')")
      process.stdout.write('locked')
      process.stdin.once('data', () => setTimeout(() => other.exec('commit'), 100))`
    const child = spawnProgram(program)
    const ended = once(child, 'exit')
    await Promise.race([once(child.stdout, 'data'), ended])
    assert.equal(child.exitCode, null, 'the other process holds the lock')
    child.stdin.end('commit')
    await storage.transact((transaction) => insert(transaction, 'own'))
    await ended
    assert.deepEqual(await ids(), ['other', 'own'])
  }))

test('charges, events and notifications are stored once, in the order of their keys', async () => {
  const own = await openSqlite(newFile())
  await migrate(own)
  const found = await own.read(`select name from pragma_table_list where wr = 1 order by name`)
  await own.close()
  assert.deepEqual(found.map(Object.values), [['bill_key_charges'], ['notifications'], ['payment_events']])
})

test('what was acknowledged survives kill -9', async () => {
  const file = newFile()
  const program = `
    import { openSqlite } from ${JSON.stringify(new URL('../../src/storage/sqlite.ts', import.meta.url).href)}
    const storage = await openSqlite(${JSON.stringify(file)})
    await storage.transact((t) => t.write('create table notes (id bigint primary key not null)'))
    const writeOn = async (id) => {
      for (let next = id; ; next += 8) {
        await storage.transact((t) => t.write('insert into notes (id) values (?1)', [next]))
        process.stdout.write(next + '\\n')
      }
    }
    for (let lane = 0; lane < 8; lane++) writeOn(lane)`
  const child = spawnProgram(program)
  let output = ''
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', () => resolve())
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (output.length > 2000) child.kill('SIGKILL')
    })
  })
  assert.equal(child.signalCode, 'SIGKILL')
  const acknowledged = output.slice(0, output.lastIndexOf('\n')).split('\n').map(Number)
  assert.ok(acknowledged.length > 100)

  await using again = closing(await openSqlite(file))
  const stored = new Set((await again.read<{ id: number }>('select id from notes')).map(({ id }) => id))
  assert.deepEqual(
    acknowledged.filter((id) => !stored.has(id)),
    [],
  )
})
