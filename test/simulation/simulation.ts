import { playRuns, quoted } from './play-runs.ts'
import type { RunOrder, SeedReport } from './simulate-run.ts'
import { splitIntoRuns, sumUp } from './sum-up.ts'

export interface SimulationOptions {
  readonly seed: string
  readonly payments: number
  readonly paymentsPerRun: number
  /** How many processes play runs at the same time. */
  readonly workers: number
  /** No run begins after this; without it all payments are played. */
  readonly minutes?: number | undefined
  readonly onProgress?: (progress: Progress) => void
}

export interface Progress {
  readonly payments: number
  readonly seconds: number
  readonly problems: number
}

export interface SimulationReport extends Progress {
  readonly runs: number
  readonly cpuMsPerPayment: number
  readonly virtualHours: number
  readonly counts: Readonly<Record<string, number>>
  /** SHA-256 over the hashes of all runs in their order, whichever process played them. */
  readonly traceHash: string
  /** The runs that went wrong, each to be played again by its seed and its number of payments. */
  readonly broken: readonly SeedReport[]
}

const worker = new URL('worker.ts', import.meta.url)

/**
 * Plays runs in processes of their own until enough payments are made. Stops beginning new ones once one went wrong.
 */
export async function simulate(options: SimulationOptions): Promise<SimulationReport> {
  const { workers, minutes = Number.POSITIVE_INFINITY, onProgress } = options
  const startedAt = performance.now()
  const secondsPassed = (): number => (performance.now() - startedAt) / 1_000
  let payments = 0
  const reports = await playRuns<RunOrder, SeedReport>({
    worker,
    orders: runsOf(options),
    workers,
    mayBegin: () => secondsPassed() < minutes * 60,
    reportOfEnd: (order, problem) => ({
      ...order,
      problems: [problem],
      traceHash: '',
      counts: {},
      virtualMs: 0,
      cpuMs: 0,
    }),
    onReport(report) {
      payments += report.payments
      onProgress?.({ payments, seconds: secondsPassed(), problems: report.problems.length })
    },
  })
  return summarize(reports, secondsPassed())
}

function runsOf({ seed, payments, paymentsPerRun }: SimulationOptions): readonly RunOrder[] {
  return splitIntoRuns(seed, payments, paymentsPerRun).map((run) => ({ seed: run.seed, payments: run.size }))
}

function summarize(reports: readonly SeedReport[], seconds: number): SimulationReport {
  const { cpuMs, ...summary } = sumUp(reports)
  const payments = reports.reduce((total, report) => total + report.payments, 0)
  return { payments, seconds, ...summary, cpuMsPerPayment: cpuMs / payments }
}

/** The line that plays one run again, as a shell takes it. */
export const replayCommand = ({ seed, payments }: RunOrder): string =>
  `npm run simulate -- --replay=${quoted(seed)} --payments=${payments}`
