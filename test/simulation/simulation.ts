import { playWorlds, quoted } from './play-worlds.ts'
import type { WorldOrder, WorldReport } from './simulate-world.ts'
import { splitIntoWorlds, sumUp } from './sum-up.ts'

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

function worldsOf({ seed, payments, paymentsPerWorld }: SimulationOptions): readonly WorldOrder[] {
  return splitIntoWorlds(seed, payments, paymentsPerWorld).map((world) => ({ seed: world.seed, payments: world.size }))
}

function summarize(reports: readonly WorldReport[], seconds: number): SimulationReport {
  const { cpuMs, ...summary } = sumUp(reports)
  const payments = reports.reduce((total, report) => total + report.payments, 0)
  return { payments, seconds, ...summary, cpuMsPerPayment: cpuMs / payments }
}

/** The line that plays one world again, as a shell takes it. */
export const replayCommand = ({ seed, payments }: WorldOrder): string =>
  `npm run simulate -- --replay=${quoted(seed)} --payments=${payments}`
