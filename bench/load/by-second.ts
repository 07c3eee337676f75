import { quantile } from '../stats.ts'
import type { StageFigures } from './generator.ts'

export const bySecondHead = ['Second', 'Sent', 'Approved', 'p50, ms', 'p99, ms', 'Sent late p99, ms'] as const

/** What became of the requests that were due in each second of a stage of `perSecond`. */
export function bySecond(
  { seconds, approvedDueAt, approvedMs, lateMs }: StageFigures,
  perSecond: number,
): readonly (readonly string[])[] {
  const isDueIn = (second: number, dueAt: number): boolean => Math.floor(dueAt / 1_000) === second
  return Array.from({ length: Math.ceil(seconds) }, (_, second) => {
    const took = approvedMs.filter((_, index) => isDueIn(second, approvedDueAt[index] ?? Number.NaN))
    const late = lateMs.slice(second * perSecond, (second + 1) * perSecond)
    const counts = [second + 1, late.length, took.length].map(String)
    return [...counts, timeOf(took, 0.5), timeOf(took, 0.99), timeOf(late, 0.99)]
  })
}

/** The quantile as tables show it. */
export const timeOf = (times: readonly number[], share: number): string =>
  times.length === 0 ? '–' : quantile(times, share).toFixed(1)
