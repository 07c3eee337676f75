/** One line per fact, JSON, with the trace or request it belongs to. Values come masked from the field tables; what still looks like a card or phone number is scrubbed. */
export interface Log {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: ErrorFields): void
}

/** What a line of the log says beside its message. Never a card number, key, password or phone number. */
export type LogFields = Readonly<
  Record<string, string | number | boolean | undefined | Readonly<Record<string, string>>>
>

/** `cause`: what was thrown. */
type ErrorFields = { readonly cause?: unknown; readonly [field: string]: unknown }
