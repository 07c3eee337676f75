import type { Runtime } from '../runtime.ts'
import type { Log } from './log.ts'

type Fields = Readonly<Record<string, string | undefined>>

/** Aggregates events into at most one warning per second, with their count and the fields of the first. */
export function countEachSecond(
  { schedule }: Pick<Runtime, 'schedule'>,
  log: Log,
  event: string,
  fields: Fields = {},
): (ofFirst?: Fields) => void {
  let count = 0
  return (ofFirst) => {
    count += 1
    if (count > 1) return
    schedule(1_000, () => {
      log.warn(event, { ...fields, ...ofFirst, count })
      count = 0
    })
  }
}
