import { markdownTable, readOptions } from './command.ts'
import { type Engine, openEngineAt } from './gateway-engine.ts'
import { startStandbyNodes } from './standby-nodes.ts'
import { type Load, median, medianLoad } from './stats.ts'
import { takeTurns } from './take-turns.ts'

/** Lower bound of throughput with a synchronous standby, as a share of that without one. */
const leastRatio = 0.7

const help = `What a synchronous standby costs: durable approvals in a second of the storage alone, without HTTP, two commits each.

  node bench/standby.ts [--connections 64] [--runs 5] [--seconds 2] [--json]

alone        a PostgreSQL without any standby
local        a primary that a standby follows and replays; a commit waits for the primary's disk (synchronous_commit=local, set for the role)
synchronous  the same primary, standby, database and tables; a commit waits until the standby has flushed it too (synchronous_commit=on)

Local and synchronous differ in nothing but what a commit waits for: the standby is attached and does the same work for both. Before every run
the bench looks into pg_stat_replication until the standby is a synchronous one and has replayed all that was before. Everything is on this machine, so
that the standby takes processor and disk from the primary and is only a loopback away.

Runs take turns, to and fro; the first of each is short and is not counted. Figures are medians of the runs, × local the median of the ratios of runs
next to each other. Ends with 1 when a synchronous standby leaves less than ${leastRatio} of local.
Needs, once: apt-get install -y --no-install-recommends postgresql
`

const values = readOptions(help, {
  connections: { type: 'string', default: '64' },
  runs: { type: 'string', default: '5' },
  seconds: { type: 'string', default: '2' },
})
const turns = { atOnce: Number(values.connections), runs: Number(values.runs), seconds: Number(values.seconds) }

interface Row {
  readonly commit: string
  readonly figures: Load
  /** Ratio to the run of `local` in the same round. */
  readonly timesLocal: number
  readonly runs: readonly Load[]
}

const nodes = await startStandbyNodes()
const engines: Engine[] = []

/** Before each run, waits until the standby has replayed the WAL of the earlier runs. */
const whenReplayed = (engine: Engine): Engine => ({
  ...engine,
  async measure(count, atOnce) {
    await nodes.untilReplayed()
    return engine.measure(count, atOnce)
  },
})

async function measureAll(): Promise<readonly Row[]> {
  for (const [name, url] of [
    ['alone', nodes.aloneUrl],
    ['local', nodes.localUrl],
    ['synchronous', nodes.synchronousUrl],
  ] as const)
    engines.push(whenReplayed(await openEngineAt(name, url)))
  const runs = await takeTurns(engines, turns)
  await nodes.untilReplayed()
  const local = runs[engines.findIndex(({ name }) => name === 'local')] ?? []
  return engines.map(({ name }, index) => {
    const own = runs[index] ?? []
    const ratios = own.map(({ perSecond }, run) => perSecond / (local[run]?.perSecond ?? Number.NaN))
    return { commit: name, figures: medianLoad(own), timesLocal: median(ratios), runs: own }
  })
}

try {
  const rows = await measureAll()
  if (values.json) console.log(JSON.stringify({ ...turns, rows }))
  else {
    const head = ['Commit', 'At once', 'Approvals/s', 'p50, ms', 'p99, ms', '× local']
    const cells = rows.map(({ commit, figures: { perSecond, p50Ms, p99Ms }, timesLocal }) => [
      ...[commit, turns.atOnce, perSecond.toFixed(0), p50Ms.toFixed(2), p99Ms.toFixed(2), timesLocal.toFixed(2)],
    ])
    console.log(markdownTable(head, cells))
  }
  const ratio = rows.find(({ commit }) => commit === 'synchronous')?.timesLocal ?? Number.NaN
  if (!(ratio >= leastRatio)) {
    console.error(`A synchronous standby leaves ${ratio.toFixed(2)} of local, less than ${leastRatio}.`)
    process.exitCode = 1
  }
} finally {
  for (const engine of engines) await engine.close()
  nodes.close()
}
