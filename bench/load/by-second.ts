import { quantile } from '../stats.ts'
import type { StageFigures } from './generator.ts'

export const bySecondHead = ['Second', 'Sent', 'Unsent', 'Approved', 'p50, ms', 'p99, ms', 'Sent late p99, ms'] as const

/** Outcomes of the requests that were due in each second of a stage of `perSecond`. */
export function bySecond(
  { seconds, sentDueAt, lateMs, approvedDueAt, approvedMs }: StageFigures,
  perSecond: number,
): readonly (readonly string[])[] {
  const late = groupBySecond(sentDueAt, lateMs)
  const took = groupBySecond(approvedDueAt, approvedMs)
  return Array.from({ length: Math.ceil(seconds) }, (_, second) => {
    const [sent, approved] = [late.get(second) ?? [], took.get(second) ?? []]
    const counts = [second + 1, sent.length, perSecond - sent.length, approved.length].map(String)
    return [...counts, timeOf(approved, 0.5), timeOf(approved, 0.99), timeOf(sent, 0.99)]
  })
}

function groupBySecond(dueAt: readonly number[], times: readonly number[]): ReadonlyMap<number, readonly number[]> {
  const groups = new Map<number, number[]>()
  for (const [index, time] of times.entries()) {
    const second = Math.floor((dueAt[index] ?? Number.NaN) / 1_000)
    const group = groups.get(second)
    if (group === undefined) groups.set(second, [time])
    else group.push(time)
  }
  return groups
}

/** The quantile as tables show it. */
export const timeOf = (times: readonly number[], share: number): string =>
  times.length === 0 ? '–' : quantile(times, share).toFixed(1)
