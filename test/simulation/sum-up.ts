import { createHash } from 'node:crypto'
import { createTally } from '../faults/fixture/tally.ts'

/** What the report of a run holds, whatever was played in it. */
export interface RunOutcome {
  readonly problems: readonly string[]
  readonly counts: Readonly<Record<string, number>>
  readonly traceHash: string
  readonly virtualMs: number
  readonly cpuMs: number
}

/** Names and sizes of the runs that hold so many together. */
export const splitIntoRuns = (
  seed: string,
  all: number,
  perWorld: number,
): readonly { readonly seed: string; readonly size: number }[] =>
  Array.from({ length: Math.ceil(all / perWorld) }, (_, number) => ({
    seed: `${seed}.${number}`,
    size: Math.min(perWorld, all - number * perWorld),
  }))

/** What all runs of a simulation say together; its trace is made of theirs, in their order. */
export function sumUp<Outcome extends RunOutcome>(reports: readonly Outcome[]) {
  const tally = createTally()
  const sum = (of: (report: Outcome) => number): number => reports.reduce((total, report) => total + of(report), 0)
  for (const { counts } of reports) for (const [name, count] of Object.entries(counts)) tally.add(name, count)
  return {
    runs: reports.length,
    problems: sum(({ problems }) => problems.length),
    cpuMs: sum(({ cpuMs }) => cpuMs),
    virtualHours: sum(({ virtualMs }) => virtualMs) / 3_600_000,
    counts: tally.counts(),
    traceHash: createHash('sha256')
      .update(reports.map(({ traceHash }) => traceHash).join('\n'))
      .digest('hex'),
    broken: reports.filter(({ problems }) => problems.length > 0),
  }
}
