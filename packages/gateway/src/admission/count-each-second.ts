import type { Log } from '../log.ts'
import type { Runtime } from '../runtime.ts'

/** One line of the log for all events of a second, however many there are. */
export function countEachSecond(
  { schedule }: Pick<Runtime, 'schedule'>,
  log: Log,
  event: string,
  fields: Readonly<Record<string, string>> = {},
): () => void {
  let count = 0
  return () => {
    count += 1
    if (count > 1) return
    schedule(1_000, () => {
      log.warn(event, { ...fields, count })
      count = 0
    })
  }
}
