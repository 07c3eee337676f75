import type { InjectedBug } from '../faults/fixture/injected-bug.ts'
import type { Intensity } from '../faults/fixture/plan.ts'
import { runFixture } from '../faults/fixture/run.ts'
import { openWatchedDisks } from './watched-disks.ts'

/** One run by its seed: the same order, the same run. */
export interface RunOrder {
  readonly seed: string
  readonly payments: number
  /** `mixed` when absent. */
  readonly intensity?: Intensity
}

export interface SeedReport extends RunOrder {
  readonly problems: readonly string[]
  readonly traceHash: string
  readonly counts: Readonly<Record<string, number>>
  readonly virtualMs: number
  /** User and system time of the process. */
  readonly cpuMs: number
}

/**
 * Plays it to its end, every step held against the invariants, then the ledgers against each other. What throws is a
 * problem too.
 */
export async function simulateRun(
  { seed, payments, intensity = 'mixed' }: RunOrder,
  bug?: InjectedBug,
): Promise<SeedReport> {
  const startedAt = process.cpuUsage()
  const report = await runFixture({
    seed,
    payments,
    intensity,
    disks: openWatchedDisks,
    ...(bug === undefined ? {} : { bug }),
  }).catch((cause: unknown) => ({
    problems: [`the run broke off: ${cause instanceof Error ? cause.stack : String(cause)}`],
    traceHash: '',
    counts: {},
    virtualMs: 0,
  }))
  const { user, system } = process.cpuUsage(startedAt)
  return { seed, payments, ...report, cpuMs: (user + system) / 1_000 }
}
