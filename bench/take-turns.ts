import type { Engine } from './gateway-engine.ts'
import type { Load } from './stats.ts'

export interface Turns {
  readonly atOnce: number
  readonly runs: number
  /** About as long takes one run. */
  readonly seconds: number
}

const warmUpCount = 256

/**
 * The runs of each engine, in the order of the engines. They take turns, so that what else runs on the machine meets
 * them all. One more run before these is short and not counted.
 */
export async function takeTurns(
  engines: readonly Engine[],
  { atOnce, runs, seconds }: Turns,
): Promise<readonly (readonly Load[])[]> {
  const counted: Load[][] = engines.map(() => [])
  const indexes = [...engines.keys()]
  const counts = engines.map(() => warmUpCount)
  for (let run = 0; run <= runs; run++) {
    // To and fro: none always comes after the same one, whose pages the system still writes.
    for (const index of run % 2 === 0 ? indexes : indexes.toReversed()) {
      const figures = await (engines[index] as Engine).measure(counts[index] ?? warmUpCount, atOnce)
      counts[index] = Math.ceil(figures.perSecond * seconds)
      if (run > 0) counted[index]?.push(figures)
    }
  }
  return counted
}
