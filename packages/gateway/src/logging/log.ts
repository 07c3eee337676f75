import type { Runtime } from '../runtime.ts'

/**
 * Structured log: one JSON line per event. Values are masked by the field tables before they get here; see also
 * `scrub`.
 */
export interface Log {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: ErrorFields): void
}

export const logLevels = ['info', 'warn', 'error'] as const

/** The least severe lines that are written. */
export type LogLevel = (typeof logLevels)[number]

/** Never a card number, key, password or phone number. */
export type LogFields = Readonly<
  Record<string, string | number | boolean | undefined | Readonly<Record<string, string>>>
>

/** `cause`: the thrown value. */
type ErrorFields = { readonly cause?: unknown; readonly [field: string]: unknown }

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
