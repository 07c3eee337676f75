import { createHash } from 'node:crypto'
import { createTally } from '../faults/world/tally.ts'
import { playWorlds, quoted } from './play-worlds.ts'
import type { WorldOrder, WorldReport } from './simulate-world.ts'

export interface SimulationOptions {
  readonly seed: string
  readonly payments: number
  readonly paymentsPerWorld: number
  /** How many processes play worlds at the same time. */
  readonly workers: number
  /** No world begins after this; without it all payments are played. */
  readonly minutes?: number | undefined
  readonly onProgress?: (progress: Progress) => void
}

export interface Progress {
  readonly payments: number
  readonly seconds: number
  readonly problems: number
}

export interface SimulationReport extends Progress {
  readonly worlds: number
  readonly cpuMsPerPayment: number
  readonly virtualHours: number
  readonly counts: Readonly<Record<string, number>>
  /** SHA-256 over the hashes of all worlds in their order, whichever process played them. */
  readonly traceHash: string
  /** The worlds that went wrong, each to be played again by its seed and its number of payments. */
  readonly broken: readonly WorldReport[]
}

const worker = new URL('worker.ts', import.meta.url)

/** Plays worlds in processes of their own until enough payments are made. Stops beginning new ones once one went wrong. */
export async function simulate(options: SimulationOptions): Promise<SimulationReport> {
  const { workers, minutes = Number.POSITIVE_INFINITY, onProgress } = options
  const startedAt = performance.now()
  const secondsPassed = (): number => (performance.now() - startedAt) / 1_000
  let payments = 0
  const reports = await playWorlds<WorldOrder, WorldReport>({
    worker,
    orders: worldsOf(options),
    workers,
    mayBegin: () => secondsPassed() < minutes * 60,
    reportOfEnd: (order, problem) => ({
      ...{ ...order, problems: [problem], traceHash: '' },
      ...{ counts: {}, virtualMs: 0, cpuMs: 0 },
    }),
    onReport(report) {
      payments += report.payments
      onProgress?.({ payments, seconds: secondsPassed(), problems: report.problems.length })
    },
  })
  return summarize(reports, secondsPassed())
}

function worldsOf({ seed, payments, paymentsPerWorld }: SimulationOptions): readonly WorldOrder[] {
  return Array.from({ length: Math.ceil(payments / paymentsPerWorld) }, (_, number) => ({
    seed: `${seed}.${number}`,
    payments: Math.min(paymentsPerWorld, payments - number * paymentsPerWorld),
  }))
}

function summarize(reports: readonly WorldReport[], seconds: number): SimulationReport {
  const tally = createTally()
  const sum = (of: (report: WorldReport) => number): number => reports.reduce((total, report) => total + of(report), 0)
  for (const { counts } of reports) for (const [name, count] of Object.entries(counts)) tally.add(name, count)
  const payments = sum((report) => report.payments)
  return {
    payments,
    seconds,
    worlds: reports.length,
    problems: sum(({ problems }) => problems.length),
    cpuMsPerPayment: sum(({ cpuMs }) => cpuMs) / payments,
    virtualHours: sum(({ virtualMs }) => virtualMs) / 3_600_000,
    counts: tally.counts(),
    traceHash: createHash('sha256')
      .update(reports.map(({ traceHash }) => traceHash).join('\n'))
      .digest('hex'),
    broken: reports.filter(({ problems }) => problems.length > 0),
  }
}

/** The line that plays one world again, as a shell takes it. */
export const replayCommand = ({ seed, payments }: WorldOrder): string =>
  `npm run simulate -- --replay=${quoted(seed)} --payments=${payments}`
