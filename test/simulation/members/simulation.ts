import { playRuns, quoted } from '../play-runs.ts'
import { splitIntoRuns, sumUp } from '../sum-up.ts'
import type { MemberOrder, MemberReport } from './simulate-members.ts'

export interface SimulationOptions {
  readonly seed: string
  readonly members: number
  readonly membersPerRun: number
  /** How many processes play runs at the same time. */
  readonly workers: number
  readonly onProgress?: (progress: Progress) => void
}

export interface Progress {
  readonly members: number
  readonly seconds: number
  readonly problems: number
}

export interface SimulationReport extends Progress {
  readonly runs: number
  readonly cpuMsPerMember: number
  readonly virtualHours: number
  readonly counts: Readonly<Record<string, number>>
  /** SHA-256 over the hashes of all runs in their order, whichever process played them. */
  readonly traceHash: string
  /** The runs that went wrong, each to be played again by its seed and its number of members. */
  readonly broken: readonly MemberReport[]
}

const worker = new URL('worker.ts', import.meta.url)

/** Plays runs until all members have lived. Stops beginning new ones once one went wrong. */
export async function simulate(options: SimulationOptions): Promise<SimulationReport> {
  const { workers, onProgress } = options
  const startedAt = performance.now()
  const secondsPassed = (): number => (performance.now() - startedAt) / 1_000
  let members = 0
  const reports = await playRuns<MemberOrder, MemberReport>({
    worker,
    orders: runsOf(options),
    workers,
    mayBegin: () => true,
    reportOfEnd: (order, problem) => ({
      ...order,
      problems: [problem],
      traceHash: '',
      counts: {},
      virtualMs: 0,
      cpuMs: 0,
    }),
    onReport(report) {
      members += report.members
      onProgress?.({ members, seconds: secondsPassed(), problems: report.problems.length })
    },
  })
  return summarize(reports, secondsPassed())
}

function runsOf({ seed, members, membersPerRun }: SimulationOptions): readonly MemberOrder[] {
  return splitIntoRuns(seed, members, membersPerRun).map((fixture) => ({ seed: fixture.seed, members: fixture.size }))
}

function summarize(reports: readonly MemberReport[], seconds: number): SimulationReport {
  const { cpuMs, ...summary } = sumUp(reports)
  const members = reports.reduce((total, report) => total + report.members, 0)
  return { members, seconds, ...summary, cpuMsPerMember: cpuMs / members }
}

/** The line that plays one run again, as a shell takes it. */
export const replayCommand = ({ seed, members }: MemberOrder): string =>
  `npm run simulate:members -- --replay=${quoted(seed)} --members=${members}`
