import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { realRuntime } from '../packages/gateway/src/runtime.ts'
import { migrate } from '../packages/gateway/src/storage/migrate.ts'
import { openPostgres } from '../packages/gateway/src/storage/postgres.ts'
import { startMortalPostgres } from '../test/cluster/mortal-postgres.ts'
import { binaries } from '../test/cluster/system-postgres.ts'
import { type Engine, insertAuthenticated, writeLogOnce } from './gateway-engine.ts'
import { type Load, quantile } from './stats.ts'

const program = join(binaries, 'pgbench')

/** Undefined where `pgbench` is installed; otherwise what to do. */
export const whyNoPgbench = (): string | undefined =>
  binaries !== '' && existsSync(program)
    ? undefined
    : 'pgbench is not installed. apt-get install -y --no-install-recommends postgresql-15'

/** Bytes of the encrypted answer of an approval. */
const encryptedLength = 1_000

/** Transactions of each client. With fewer most of the time would be that of the connections. */
const fewestEach = 150

/** Each client approves payments of its own, one after the other: the claim, then the outcome, a transaction each. */
const script = `
\\set n :n + 1
with moved as (
  update payments set state = 'approving', state_changed_at = 2, event_sequence = event_sequence + 1, event_hash = :hash
  where transaction_id = :prefix || lpad((:client_id * 1000000 + :n)::text, 18, '0') and state = 'authenticated'
  returning transaction_id, event_sequence)
insert into payment_events (transaction_id, sequence, event, from_state, to_state, at, note, hash)
select transaction_id, event_sequence, 'approvalRequested', 'authenticated', 'approving', 2, '', :hash from moved;
with moved as (
  update payments set state = 'approved', state_changed_at = 3, event_sequence = event_sequence + 1, event_hash = :hash,
    approval_number = '30001234', answer_encrypted = :answer, answered_at = 3
  where transaction_id = :prefix || lpad((:client_id * 1000000 + :n)::text, 18, '0') and state = 'approving'
  returning transaction_id, event_sequence, merchant_id),
event as (
  insert into payment_events (transaction_id, sequence, event, from_state, to_state, at, note, hash)
  select transaction_id, event_sequence, 'networkApproved', 'approving', 'approved', 3, '', :hash from moved)
insert into notifications
  (transaction_id, sequence, merchant_id, payment_state, enqueued_at, next_attempt_at, state)
select transaction_id, event_sequence, merchant_id, 'approved', 3, 3, 'no_endpoint' from moved;
`

/** The statements of an approval one by one, from PostgreSQL's own client: what sets of them are compared with. */
export async function openPgbench(folder: string): Promise<Engine> {
  const server = await startMortalPostgres({ isDurable: true, settings: ['max_connections=300'] })
  const options = { runtime: realRuntime, connections: 2, retryBudgetMs: 5_000, onError() {} }
  const storage = openPostgres({ ...options, url: server.url })
  await migrate(storage)
  await writeLogOnce(server.url)
  const file = join(folder, 'approval.sql')
  writeFileSync(file, script)
  return {
    name: 'pgbench',
    async measure(count, atOnce) {
      const prefix = `${randomBytes(5).toString('hex')}01`
      const each = Math.max(fewestEach, Math.ceil(count / atOnce))
      const ids = Array.from({ length: each * atOnce }, (_, index) => {
        const number = (index % atOnce) * 1_000_000 + Math.floor(index / atOnce) + 1
        return prefix + String(number).padStart(18, '0')
      })
      await insertAuthenticated(storage, ids)
      // Its connections are new and plan their statements again, without the gateway's settings: the planner must know
      // the table.
      await storage.read('analyze payments')
      const figures = await runPgbench(server.url, { file, folder, prefix, each, atOnce })
      const [found] = await storage.read<{ count: number }>(
        "select count(*) as count from payments where transaction_id like ?1 and state = 'approved'",
        [`${prefix}%`],
      )
      if (Number(found?.count) !== ids.length) throw new Error(`pgbench approved ${found?.count} of ${ids.length}`)
      return figures
    },
    async close() {
      await storage.close()
      await server.stop()
    },
  }
}

interface PgbenchRun {
  readonly file: string
  /** Takes the times. */
  readonly folder: string
  readonly prefix: string
  readonly each: number
  readonly atOnce: number
}

async function runPgbench(url: string, { file, folder, prefix, each, atOnce }: PgbenchRun): Promise<Load> {
  const log = join(folder, `times-${prefix}`)
  const given = { n: '0', prefix, hash: 'h'.repeat(64), answer: 'a'.repeat(encryptedLength) }
  const variables = Object.entries(given).flatMap(([name, value]) => ['-D', `${name}=${value}`])
  const clients = ['-c', String(atOnce), '-j', String(Math.min(2, atOnce)), '-t', String(each)]
  const args = ['-n', '-M', 'prepared', ...clients, '-f', file, '-l', `--log-prefix=${log}`, ...variables, url]
  const { stdout } = await promisify(execFile)(program, args)
  const perSecond = Number(/tps = ([0-9.]+)/.exec(stdout)?.[1])
  const files = globSync(`${log}.*`)
  const lines = files.flatMap((one) => readFileSync(one, 'utf8').trim().split('\n'))
  for (const one of files) rmSync(one)
  const latencies = lines.map((line) => Number(line.split(' ')[2]) / 1_000)
  return { perSecond, p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99), cpuMicros: Number.NaN }
}
