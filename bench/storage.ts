import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { movePayment } from '../packages/gateway/src/approval/store.ts'
import type { Context } from '../packages/gateway/src/context.ts'
import { createKeyRing } from '../packages/gateway/src/keyring.ts'
import { realRuntime } from '../packages/gateway/src/runtime.ts'
import { Secret } from '../packages/gateway/src/secret.ts'
import { migrate } from '../packages/gateway/src/storage/migrate.ts'
import { openPostgres } from '../packages/gateway/src/storage/postgres.ts'
import { openSqlite } from '../packages/gateway/src/storage/sqlite.ts'
import type { Storage } from '../packages/gateway/src/storage/storage.ts'
import { startPostgres } from '../packages/merchant/test/postgres.ts'
import { openRawLog } from './raw-log.ts'
import { type Load, load, medianLoad } from './stats.ts'

/**
 * Durable approvals in a second, without HTTP: the intent and the outcome, two commits each, with their events and the notice. Beside them in the
 * same run a bare file that takes the same bytes with the same two flushes.
 */
interface Engine {
  readonly name: string
  /** Makes ready what `approve` takes: `count` payments whose buyers have authenticated. */
  prepare(count: number): Promise<(index: number) => Promise<void>>
  close(): Promise<void>
}

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    connections: { type: 'string', default: '1,16,64,256' },
    engines: { type: 'string', default: 'file,sqlite,postgres' },
    json: { type: 'boolean', default: false },
  },
})

const keyRing = createKeyRing(realRuntime, new Secret('5a'.repeat(32)))
const answer = JSON.stringify(
  Object.fromEntries(Array.from({ length: 26 }, (_, index) => [`Field${index}`, 'value 값'])),
)
const notice = Object.fromEntries(Array.from({ length: 26 }, (_, index) => [`Field${index}`, 'value 값']))

const gatewayEngine = (name: string, storage: Storage, end: () => Promise<void>): Engine => ({
  name,
  async prepare(count) {
    const prefix = randomBytes(5).toString('hex')
    const ids = Array.from({ length: count }, (_, index) => `${prefix}01${String(index).padStart(18, '0')}`)
    await insertAuthenticated(storage, ids)
    return (index) => approve({ storage, keyRing }, ids[index] ?? '')
  },
  async close() {
    await storage.close()
    await end()
  },
})

async function insertAuthenticated(storage: Storage, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += 2_000) {
    const rows = ids.slice(from, from + 2_000).map((transaction_id) => ({ transaction_id }))
    await storage.transact((transaction) =>
      transaction.write(
        `insert into payments (transaction_id, merchant_id, order_id, amount, state, request_public, request_sealed,
           requested_at, state_changed_at, window_expires_at, event_sequence, event_hash)
         select transaction_id, 'ssptest01m', 'ORDER', 1004, 'authenticated', '{}', '', 1, 1, 1, 2, ''
         from ${transaction.rows({ transaction_id: 'text' }, '?1')} as given where true`,
        [JSON.stringify(rows)],
      ),
    )
  }
}

async function approve(context: Pick<Context, 'storage' | 'keyRing'>, transactionId: string): Promise<void> {
  const move = { transactionId, at: realRuntime.now() }
  const isClaimed = await movePayment(context, { ...move, from: 'authenticated', event: 'approvalRequested' })
  const isRecorded = await movePayment(context, {
    ...{ ...move, from: 'approving', event: 'networkApproved' },
    facts: { approvalNumber: '30001234', answer },
    notice,
  })
  if (!isClaimed || !isRecorded) throw new Error(`${transactionId} was moved by somebody else`)
}

async function openFile(folder: string): Promise<Engine> {
  const log = openRawLog(join(folder, 'raw.log'), 64_000_000)
  const [intent, outcome] = ['i'.repeat(700), 'o'.repeat(2_200)]
  return {
    name: 'file',
    prepare: async () => async () => {
      await log.append(intent)
      await log.append(outcome)
    },
    close: async () => log.close(),
  }
}

async function openSqliteEngine(folder: string): Promise<Engine> {
  const storage = await openSqlite(join(folder, 'gateway.db'))
  await migrate(storage)
  return gatewayEngine('sqlite', storage, async () => {})
}

async function openPostgresEngine(): Promise<Engine> {
  const server = await startPostgres({ isDurable: true })
  const url = await server.createDatabase()
  const options = { runtime: realRuntime, connections: 8, patienceMs: 5_000, onTrouble: console.error }
  const storage = openPostgres({ ...options, url })
  await migrate(storage)
  return gatewayEngine('postgres', storage, () => server.stop())
}

const folder = await mkdtemp(join(tmpdir(), 'sspay-bench-'))
const openers: Readonly<Record<string, () => Promise<Engine>>> = {
  file: () => openFile(folder),
  sqlite: () => openSqliteEngine(folder),
  postgres: openPostgresEngine,
}
const engines: Engine[] = []
try {
  for (const name of values.engines.split(',')) engines.push(await (openers[name] as () => Promise<Engine>)())
  const results: { readonly engine: string; readonly atOnce: number; readonly figures: Load }[] = []
  for (const atOnce of values.connections.split(',').map(Number)) {
    const runs = new Map<string, Load[]>(engines.map(({ name }) => [name, []]))
    const counts = new Map<string, number>()
    for (let run = 0; run <= Number(values.runs); run++) {
      for (const { name, prepare } of engines) {
        const count = counts.get(name) ?? 200
        const figures = await load(count, atOnce, await prepare(count))
        counts.set(name, Math.ceil(figures.perSecond * Number(values.seconds)))
        // The first is short and warms up.
        if (run > 0) runs.get(name)?.push(figures)
      }
    }
    for (const [engine, figures] of runs) {
      const middle = medianLoad(figures)
      results.push({ engine, atOnce, figures: middle })
      const { perSecond, p50Ms, p99Ms, cpuMicros } = middle
      const floor = results.find((other) => other.engine === 'file' && other.atOnce === atOnce)?.figures.perSecond
      const share = floor === undefined ? '' : `  ${(perSecond / floor).toFixed(2)} × file`
      console.error(
        `${engine.padEnd(9)} ${String(atOnce).padStart(4)}  ${perSecond.toFixed(0).padStart(7)}/s  p50 ${p50Ms.toFixed(2)} ms  p99 ${p99Ms.toFixed(2)} ms  ${cpuMicros.toFixed(0)} µs CPU${share}`,
      )
    }
  }
  if (values.json) console.log(JSON.stringify(results))
} finally {
  for (const engine of engines) await engine.close()
  await rm(folder, { recursive: true, force: true })
}
