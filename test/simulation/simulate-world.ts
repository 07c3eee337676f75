import type { Intensity } from '../faults/world/plan.ts'
import type { PlantedBug } from '../faults/world/planted-bug.ts'
import { runWorld } from '../faults/world/run.ts'
import { openWatchedDisks } from './watched-disks.ts'

/** One world by its seed: the same order, the same world. */
export interface WorldOrder {
  readonly seed: string
  readonly payments: number
  /** `mixed` when absent. */
  readonly intensity?: Intensity
}

export interface WorldReport extends WorldOrder {
  readonly problems: readonly string[]
  readonly traceHash: string
  readonly counts: Readonly<Record<string, number>>
  readonly virtualMs: number
  /** User and system time of the process. */
  readonly cpuMs: number
}

/** Plays it to its end, every step held against the invariants, then the books against each other. What throws is a problem too. */
export async function simulateWorld(
  { seed, payments, intensity = 'mixed' }: WorldOrder,
  bug?: PlantedBug,
): Promise<WorldReport> {
  const startedAt = process.cpuUsage()
  const report = await runWorld({
    seed,
    payments,
    intensity,
    disks: openWatchedDisks,
    ...(bug === undefined ? {} : { bug }),
  }).catch((cause: unknown) => ({
    problems: [`the world broke off: ${cause instanceof Error ? cause.stack : String(cause)}`],
    traceHash: '',
    counts: {},
    virtualMs: 0,
  }))
  const { user, system } = process.cpuUsage(startedAt)
  return { seed, payments, ...report, cpuMs: (user + system) / 1_000 }
}
