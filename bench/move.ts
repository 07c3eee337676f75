import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openSqlite } from '../packages/gateway/src/storage/sqlite.ts'
import { everyEnd } from '../packages/gateway/test/archive/support.ts'
import { createCancelTest } from '../packages/gateway/test/cancellation/support.ts'
import { startEmbeddedPostgres } from '../test/support/embedded-postgres.ts'
import { markdownTable, readOptions } from './command.ts'
import { fillWithChains } from './move/fill.ts'

const help = `npm run bench:move -- [options]

Fills SQLite with payments of every end, each with a valid chain of events, and moves them with sspay-gateway move to a durable PostgreSQL of its
own. The command is killed --kills times, each time after a random part of --kill-within seconds, and run again. Then sspay-gateway verify checks
the target. Ends with 1 when a run fails otherwise than by a kill, a row is missing or doubled, or a chain is broken.

  --payments NUMBER     1000000, which take 5 GB twice
  --kills NUMBER        5
  --kill-within NUMBER  30
  --folder FOLDER       where the databases stand (the system's folder for temporary files)
  --json                figures as JSON on stdout
`
const values = readOptions(help, {
  payments: { type: 'string', default: '1000000' },
  kills: { type: 'string', default: '5' },
  'kill-within': { type: 'string', default: '30' },
  folder: { type: 'string', default: tmpdir() },
})
const [payments, kills, killWithin] = [values.payments, values.kills, values['kill-within']].map(Number) as [
  number,
  number,
  number,
]
const main = fileURLToPath(new URL('../packages/gateway/src/main.ts', import.meta.url))

interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly reported: string }>
}

function runGateway(databaseUrl: string, ...args: string[]): Running {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    env: { PATH, SSPAY_DATABASE_URL: databaseUrl },
  })
  let [out, reported] = ['', '']
  child.stdout.on('data', (text) => {
    out += text
  })
  child.stderr.on('data', (text) => {
    reported += text
    if (!values.json) process.stderr.write(text)
  })
  return { child, ended: once(child, 'close').then(([code]) => ({ code, out, reported })) }
}

const secondsSince = (startedAt: number): number => Math.round((performance.now() - startedAt) / 100) / 10

const folder = await mkdtemp(join(values.folder, 'sspay-bench-move-'))
// As root the server runs as a user of its own.
await chmod(folder, 0o755)
const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres'), isDurable: true })
try {
  const data = join(folder, 'gateway.db')
  {
    await using pay = await createCancelTest({ folder, openStorage: openSqlite })
    await everyEnd(pay)
  }
  const filledAt = performance.now()
  fillWithChains(data, payments)
  const fillSeconds = secondsSince(filledAt)
  const bytes = (await stat(data)).size

  await postgres.createDatabase('moved')
  const url = postgres.urlOf('moved')
  let killed = 0
  const startedAt = performance.now()
  for (; killed < kills; killed++) {
    const { child, ended } = runGateway(url, 'move', '--from', folder, '--json')
    await Promise.race([ended, rest(Math.random() * killWithin * 1_000)])
    if (child.exitCode !== null) break
    child.kill('SIGKILL')
    await ended
  }
  const moved = await runGateway(url, 'move', '--from', folder, '--json').ended
  assert.equal(moved.code, 0, moved.reported)
  const moveSeconds = secondsSince(startedAt)
  const result = JSON.parse(moved.out)
  const verifiedAt = performance.now()
  const verified = await runGateway(url, 'verify', '--json').ended
  assert.equal(verified.code, 0, verified.reported + verified.out)
  const checked = JSON.parse(verified.out)
  assert.equal(checked.payments, payments + 6)

  const figures = {
    payments,
    sqliteGb: Math.round(bytes / 1e8) / 10,
    fillSeconds,
    kills: killed,
    moveSeconds,
    ...('alreadyMoved' in result
      ? {}
      : {
          rows: Object.values(result.rows as Record<string, number>).reduce((sum, count) => sum + count, 0),
          rowsOfLastRun: result.copied,
          rowsPerSecond: Math.round(result.copied / (result.copyMs / 1_000)),
        }),
    verifySeconds: secondsSince(verifiedAt),
    events: checked.events,
    findings: checked.found,
  }
  process.stdout.write(
    values.json ? `${JSON.stringify(figures)}\n` : `${markdownTable(['figure', 'value'], Object.entries(figures))}\n`,
  )
} finally {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
}
