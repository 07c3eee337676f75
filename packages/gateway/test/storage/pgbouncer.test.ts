import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import pg from 'pg'
import { freePort } from '../../../../test/support/free-port.ts'
import { until } from '../../../../test/support/until.ts'
import { startPostgres } from '../../../merchant/test/postgres.ts'
import { realRuntime } from '../../src/runtime.ts'
import { Secret } from '../../src/secret.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { openStorage } from '../../src/storage/open-storage.ts'
import type { Storage } from '../../src/storage/storage.ts'

const [, major, minor] =
  /PgBouncer (\d+)\.(\d+)/.exec(spawnSync('pgbouncer', ['--version']).stdout?.toString() ?? '') ?? []
const isMissing = major === undefined
const canFollow = !isMissing && (Number(major) > 1 || Number(minor) >= 21)
const skip = isMissing ? 'pgbouncer is not installed' : false

/** The address of a new database, through a PgBouncer with these settings. */
async function startPgBouncer(t: TestContext, settings: readonly string[]): Promise<string> {
  const server = await startPostgres()
  t.after(() => server.stop())
  const url = new URL(await server.createDatabase())
  const folder = await mkdtemp(join(tmpdir(), 'sspay-pgbouncer-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  // As root it runs as another user.
  await chmod(folder, 0o755)
  const port = await freePort()
  const file = join(folder, 'pgbouncer.ini')
  const database = url.pathname.slice(1)
  const target = `host=${url.hostname} port=${url.port} user=${url.username} password=${url.password}`
  const common = ['listen_addr = 127.0.0.1', `listen_port = ${port}`, 'unix_socket_dir =', 'auth_type = any']
  await writeFile(
    file,
    ['[databases]', `${database} = ${target}`, '[pgbouncer]', ...common, ...settings, ''].join('\n'),
  )
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const child = spawn('pgbouncer', [...user, file], { stdio: 'ignore' })
  const ended = once(child, 'close')
  t.after(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const through = `postgres://anybody:canary@127.0.0.1:${port}/${database}`
  await until(async () => {
    const client = new pg.Client(through)
    await client.connect()
    await client.end()
    return true
  })
  return through
}

const open = (url: string): Promise<Storage> =>
  openStorage({ databaseUrl: new Secret(url), connections: 4 }, { runtime: realRuntime, onError() {} })

const canFollowNot = canFollow ? ['max_prepared_statements = 0'] : []

test('behind transaction pooling that loses prepared statements nothing starts', { skip }, async (t) => {
  for (const robin of ['0', '1']) {
    const url = await startPgBouncer(t, ['pool_mode = transaction', `server_round_robin = ${robin}`, ...canFollowNot])
    const cause: Error = await open(url).then(
      () => assert.fail('it starts'),
      (cause) => cause,
    )
    assert.match(cause.message, /127\.0\.0\.1:\d+: 데이터베이스를 쓸 수 없습니다: .*풀러.*\n.*pool_mode=session/)
    assert.doesNotMatch(`${cause.stack}`, /canary/)
  }
})

test('behind a pooler that keeps prepared statements everything works', { skip }, async (t) => {
  const modes = [['pool_mode = session']]
  if (canFollow) modes.push(['pool_mode = transaction', 'max_prepared_statements = 200'])
  for (const settings of modes) {
    const storage = await open(await startPgBouncer(t, settings))
    t.after(() => storage.close())
    await migrate(storage)
    const reads = Array.from({ length: 50 }, () => storage.read('select count(*) as count from payments'))
    for (const [row] of await Promise.all(reads)) assert.equal(row?.count, 0)
  }
})
