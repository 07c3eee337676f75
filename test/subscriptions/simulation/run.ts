import { parseArgs } from 'node:util'
import { print, printReplay, readCount, runSimulation } from '../../simulation/command.ts'
import { playRuns, quoted } from '../../simulation/play-runs.ts'
import { splitIntoRuns, sumUp } from '../../simulation/sum-up.ts'
import { type BillingOrder, type BillingSimulation, simulateBilling } from './simulate-billing.ts'

const help = `Bills subscriptions by the code of the example on a virtual clock, with faults on the links between shop, gateway and card network, deaths of shop and gateway, and careless cron jobs.

  npm run simulate:billing -- --subscriptions 1000 --cycles 36 --times 5

  --subscriptions N  in all (with --replay: of that one shop); 1000
  --cycles N         months; 36
  --shop N           subscriptions of one shop; 500
  --workers N        processes at the same time; 2
  --times N          all of it so often: every trace must be the same; 1
  --seed WORD        what all chance follows from; today's date
  --replay SEED      one shop again, in this process

Exit code 0: nothing is wrong. 1: an invariant is broken. 2: the command is wrong.
`

const options = {
  subscriptions: { type: 'string', default: '1000' },
  cycles: { type: 'string', default: '36' },
  shop: { type: 'string', default: '500' },
  workers: { type: 'string', default: '2' },
  times: { type: 'string', default: '1' },
  seed: { type: 'string', default: new Date().toISOString().slice(0, 10) },
  replay: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

async function main(): Promise<number> {
  const { values } = parseArgs({ options })
  if (values.help) return print(help, 0)
  const cycles = readCount('cycles', values.cycles)
  const subscriptions = readCount('subscriptions', values.subscriptions)
  if (values.replay !== undefined)
    return printReplay(await simulateBilling({ seed: values.replay, subscriptions, cycles }), false)

  const shops = splitIntoRuns(values.seed, subscriptions, readCount('shop', values.shop))
  const orders = shops.map(({ seed, size }) => ({ seed, subscriptions: size, cycles }))
  const workers = readCount('workers', values.workers)
  const hashes = new Set<string>()
  for (let left = readCount('times', values.times); left > 0; left--) {
    const startedAt = performance.now()
    const summary = sumUp(await play(orders, workers))
    print(describe(summary, (performance.now() - startedAt) / 1_000), 0)
    if (summary.broken.length > 0) return 1
    hashes.add(summary.traceHash)
  }
  return hashes.size === 1 ? 0 : print(`${hashes.size} traces of one seed`, 1)
}

const play = (orders: readonly BillingOrder[], workers: number): Promise<readonly BillingSimulation[]> =>
  playRuns<BillingOrder, BillingSimulation>({
    worker: new URL('worker.ts', import.meta.url),
    orders,
    workers,
    mayBegin: () => true,
    onReport: () => {},
    reportOfEnd: (order, problem) => ({
      ...order,
      problems: [problem],
      traceHash: '',
      counts: {},
      virtualMs: 0,
      cpuMs: 0,
    }),
  })

function describe(summary: ReturnType<typeof sumUp<BillingSimulation>>, seconds: number): string {
  const { counts, cpuMs, virtualHours, runs, traceHash, broken } = summary
  const charges = counts['charge paid'] ?? 0
  return [
    ...Object.entries(counts).map(([name, count]) => `${String(count).padStart(9)} ${name}`),
    `${charges} charges of ${runs} shops in ${(virtualHours / 24 / 365 / runs).toFixed(1)} virtual years, in ${seconds.toFixed(1)} s`,
    `${Math.round(charges / seconds)} charges/s, ${(cpuMs / charges).toFixed(2)} ms of CPU each`,
    `trace ${traceHash}`,
    ...broken.flatMap((run) => [...run.problems, `again: ${replayCommand(run)}`]),
    broken.length === 0 ? 'no invariant was broken' : `${broken.length} shops went wrong`,
  ].join('\n')
}

const replayCommand = ({ seed, subscriptions, cycles }: BillingOrder): string =>
  `npm run simulate:billing -- --replay=${quoted(seed)} --subscriptions=${subscriptions} --cycles=${cycles}`

process.exitCode = await runSimulation(help, main)
