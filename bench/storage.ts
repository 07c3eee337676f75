import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bound, checkBounds } from './bounds.ts'
import { markdownTable, readOptions } from './command.ts'
import type { Engine } from './gateway-engine.ts'
import { openPgbench, whyNoPgbench } from './pgbench.ts'
import { type Load, medianLoad } from './stats.ts'
import { openBytes, openFile, openPostgresEngine, openSqliteEngine } from './storage-engines.ts'
import { takeTurns } from './take-turns.ts'

const help = `Durable approvals per second, without HTTP: two commits for each, its intent and its outcome, with their events and the
notification.

  node bench/storage.ts [--engines bytes,file,sqlite,postgres,pgbench] [--connections 1,16,64,256] [--runs 5] [--seconds 2] [--json]

bytes    writes as many bytes to a plain file, with the same two flushes. Nothing is encrypted or chained
file     the gateway's own code, which builds, chains and encrypts the same rows, and writes them to a plain file with the same
         flushes. Nothing can be read back
sqlite   the gateway's own code on SQLite, in this process
postgres the gateway's own code on a PostgreSQL of its own, which flushes to disk. Each statement has a batch of approvals
pgbench  PostgreSQL's own client in C sends the same two statements, prepared, one by one, to a server with the same settings. It
         checks no ticket, chains no event and encrypts nothing. Needs Debian's postgresql-15; without it the row is left out

Prints medians of the runs. Engines take turns, and the short first run of each is not counted. CPU is that of this process.
Exits with 1 when a bound below the table is not met.
`

const values = readOptions(help, {
  runs: { type: 'string', default: '5' },
  seconds: { type: 'string', default: '2' },
  connections: { type: 'string', default: '1,16,64,256' },
  engines: { type: 'string', default: 'bytes,file,sqlite,postgres,pgbench' },
})

const folder = await mkdtemp(join(tmpdir(), 'sspay-bench-'))
const openers: Readonly<Record<string, () => Promise<Engine>>> = {
  bytes: () => openBytes(folder),
  file: () => openFile(folder),
  sqlite: () => openSqliteEngine(folder),
  postgres: openPostgresEngine,
  pgbench: () => openPgbench(folder),
}

interface Result {
  readonly engine: string
  readonly atOnce: number
  readonly figures: Load
}

async function measureAll(engines: readonly Engine[], atOnce: number): Promise<readonly Result[]> {
  const turns = { atOnce, runs: Number(values.runs), seconds: Number(values.seconds) }
  const runs = await takeTurns(engines, turns)
  return engines.map(({ name }, index) => ({ engine: name, atOnce, figures: medianLoad(runs[index] ?? []) }))
}

/** Throughput relative to another engine at the same concurrency; NaN where one was not measured. */
function ratioOf(all: readonly Result[], atOnce: number, engine: string, other: string): number {
  const rateOf = (name: string): number =>
    all.find((one) => one.engine === name && one.atOnce === atOnce)?.figures.perSecond ?? Number.NaN
  return rateOf(engine) / rateOf(other)
}

const shown = (value: number, digits: number): string => (Number.isNaN(value) ? '–' : value.toFixed(digits))

function cellsOf({ engine, atOnce, figures }: Result, all: readonly Result[]): readonly (string | number)[] {
  const { perSecond, p50Ms, p99Ms, cpuMicros } = figures
  const ratios = ['file', 'pgbench'].map((other) => shown(ratioOf(all, atOnce, engine, other), 2))
  return [engine, atOnce, perSecond.toFixed(0), p50Ms.toFixed(2), p99Ms.toFixed(2), shown(cpuMicros, 0), ...ratios]
}

const boundsOf = (all: readonly Result[]): readonly Bound[] => [
  { name: 'SQLite ÷ file, 64 at once', measured: ratioOf(all, 64, 'sqlite', 'file'), least: 0.35 },
  { name: 'PostgreSQL ÷ file, 64 at once', measured: ratioOf(all, 64, 'postgres', 'file'), least: 0.25 },
  { name: 'PostgreSQL ÷ pgbench, 64 at once', measured: ratioOf(all, 64, 'postgres', 'pgbench'), least: 2.5 },
]

const wanted = values.engines.split(',')
const reason = wanted.includes('pgbench') ? whyNoPgbench() : undefined
if (reason !== undefined) console.error(`Without the row of pgbench: ${reason}`)
const engines: Engine[] = []
try {
  for (const name of wanted)
    if (name !== 'pgbench' || reason === undefined) engines.push(await (openers[name] as () => Promise<Engine>)())
  const results: Result[] = []
  for (const atOnce of values.connections.split(',').map(Number)) results.push(...(await measureAll(engines, atOnce)))
  const bounds = checkBounds(boundsOf(results))
  if (values.json) console.log(JSON.stringify(results))
  else {
    const head = ['Engine', 'At once', 'Approvals/s', 'p50, ms', 'p99, ms', 'CPU, µs', '× file', '× pgbench']
    const rows = results.map((one) => cellsOf(one, results))
    console.log(`${markdownTable(head, rows)}${bounds}`)
  }
} finally {
  for (const engine of engines) await engine.close()
  await rm(folder, { recursive: true, force: true })
}
