import { parseArgs } from 'node:util'
import { neverHappened } from '../faults/fixture/happenings.ts'
import { everyFewSeconds, print, printReplay, readCount, runSimulation } from './command.ts'
import { simulateRun } from './simulate-run.ts'
import { type Progress, replayCommand, type SimulationReport, simulate } from './simulation.ts'

const help = `Plays random shops, buyers, faults and deaths on a virtual clock and holds every step against the invariants.

  node test/simulation/run.ts --payments 1000000 --workers 2 --minutes 10
  node test/simulation/run.ts --replay <seed> --payments 1000

  --payments N   how many in all (with --replay: in that one run); 20000
  --seed WORD    what all chance follows from; today's date
  --workers N    processes at the same time; 2
  --minutes N    begin no run after that; no limit
  --run N      payments of one run; 5000
  --replay SEED  one run again, in this process
  --json         the report as JSON, without progress

Exit code 0: nothing is wrong. 1: an invariant is broken, or too little happened. 2: the command is wrong.
`

/** From so many payments on, everything that can go wrong must have. */
const enoughForEverything = 200_000
const options = {
  payments: { type: 'string', default: '20000' },
  seed: { type: 'string', default: new Date().toISOString().slice(0, 10) },
  workers: { type: 'string', default: '2' },
  minutes: { type: 'string' },
  run: { type: 'string', default: '5000' },
  replay: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

type Given = ReturnType<typeof parseArgs<{ options: typeof options }>>['values']

process.exitCode = await runSimulation(help, main)

async function main(): Promise<number> {
  const { values } = parseArgs({ options })
  if (values.help) return print(help, 0)
  return values.replay === undefined ? await play(values) : await replay(values.replay, values)
}

async function play(values: Given): Promise<number> {
  const report = await simulate({
    seed: values.seed,
    payments: readCount('payments', values.payments),
    paymentsPerRun: readCount('run', values.run),
    workers: readCount('workers', values.workers),
    minutes: values.minutes === undefined ? undefined : readCount('minutes', values.minutes),
    ...(values.json ? {} : { onProgress: everyFewSeconds(printProgress) }),
  })
  const missing = report.payments < enoughForEverything ? [] : neverHappened(report.counts)
  const isWell = report.broken.length === 0 && missing.length === 0
  return print(
    values.json ? JSON.stringify({ ...report, neverHappened: missing }) : describe(report, missing),
    isWell ? 0 : 1,
  )
}

async function replay(seed: string, values: Given): Promise<number> {
  const report = await simulateRun({ seed, payments: readCount('payments', values.payments) })
  return printReplay(report, values.json)
}

function describe(report: SimulationReport, missing: readonly string[]): string {
  const { payments, runs, seconds, cpuMsPerPayment, virtualHours, counts, traceHash, broken } = report
  return [
    ...Object.entries(counts).map(([name, count]) => `${String(count).padStart(9)} ${name}`),
    `${payments} payments in ${runs} runs, ${virtualHours.toFixed(1)} virtual hours in ${seconds.toFixed(1)} s`,
    `${Math.round(payments / seconds)} payments/s, ${cpuMsPerPayment.toFixed(2)} ms of CPU each`,
    `trace ${traceHash}`,
    ...missing.map((name) => `never happened: ${name}`),
    ...broken.flatMap((run) => [...run.problems, `again: ${replayCommand(run)}`]),
    broken.length === 0 ? 'no invariant was broken' : `${broken.length} runs went wrong`,
  ].join('\n')
}

function printProgress({ payments, seconds }: Progress): void {
  print(`${payments} payments, ${Math.round(payments / seconds)}/s`, 0)
}
