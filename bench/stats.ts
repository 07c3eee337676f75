import { countOwnCpu } from './usage.ts'

/** The value in the middle; of an even number the lower one. */
export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** `share` 0.99: what 99 of 100 values do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((first, second) => first - second)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

export interface Load {
  /** Units of work done in a second. */
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** CPU time of this process. */
  readonly cpuMicros: number
}

/** Does `count` units of work with `atOnce` of them under way. */
export async function load(count: number, atOnce: number, work: (index: number) => Promise<unknown>): Promise<Load> {
  const latencies: number[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next++
      const startedAt = performance.now()
      await work(index)
      latencies.push(performance.now() - startedAt)
    }
  }
  const ownMicros = countOwnCpu()
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: atOnce }, worker))
  const seconds = (performance.now() - startedAt) / 1000
  const cpuMicros = ownMicros()
  return {
    perSecond: count / seconds,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    cpuMicros: cpuMicros / count,
  }
}

/** Median of every figure, run by run. */
export const medianLoad = (runs: readonly Load[]): Load => ({
  perSecond: median(runs.map(({ perSecond }) => perSecond)),
  p50Ms: median(runs.map(({ p50Ms }) => p50Ms)),
  p99Ms: median(runs.map(({ p99Ms }) => p99Ms)),
  cpuMicros: median(runs.map(({ cpuMicros }) => cpuMicros)),
})
