import { markdownTable } from './command.ts'

/** Bounds of a benchmark: a regression beyond one fails the run. */
export interface Bound {
  readonly name: string
  /** NaN where this run did not measure it. */
  readonly measured: number
  readonly least?: number
  readonly most?: number
}

const isKept = ({ measured, least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY }: Bound): boolean =>
  measured >= least && measured <= most

/**
 * Those that were measured, as a table to stand below another one. Ends the process with 1, once it ends, when one is
 * not kept.
 */
export function checkBounds(bounds: readonly Bound[]): string {
  const measured = bounds.filter((bound) => !Number.isNaN(bound.measured))
  if (!measured.every(isKept)) process.exitCode = 1
  const rows = measured.map((bound) => [
    ...[bound.name, bound.measured.toFixed(2), bound.least ?? '–', bound.most ?? '–', isKept(bound) ? 'yes' : 'NO'],
  ])
  return rows.length === 0 ? '' : `\n\n${markdownTable(['Bound', 'Measured', 'At least', 'At most', 'Kept'], rows)}`
}
