import { pino } from 'pino'
import { correlationFields } from './current-request.ts'
import type { Log, LogLevel } from './log.ts'
import { scrub } from './scrub.ts'

/** Options of `createLog`. */
export interface LogOptions {
  /** Standard output, a file to append to, or any stream. */
  readonly destination: 'stdout' | { readonly file: string } | { write(line: string): unknown }
  /** Texts of 16 characters or more that must never appear, such as merchant keys; called for each line. */
  readonly secrets?: () => readonly string[]
  /** Called for each line; default: `info`. */
  readonly level?: () => LogLevel
}

/** Written at every level: the audit trail, and what the process itself does. */
const alwaysWritten = new Set(['security_event', 'started', 'listening', 'reloaded', 'stopping', 'stopped'])

/** JSON lines by pino. Each finished line passes `scrub`, the last defence against a logged card number. */
export function createLog({ destination, secrets = () => [], level = () => 'info' }: LogOptions): Log {
  const target = openTarget(destination)
  const writeScrubbed = (text: string): void => void target.write(scrub(text, withKeyPrefixes(secrets())))
  const scrubbing = { write: destination === 'stdout' ? oncePerTurn(writeScrubbed) : writeScrubbed }
  const lines = pino(
    {
      base: null,
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: correlationFields,
      formatters: { level: (label) => ({ level: label }) },
    },
    scrubbing,
  )
  return {
    info(event, fields) {
      if (level() === 'info' || alwaysWritten.has(event)) lines.info(fields ?? {}, event)
    },
    warn(event, fields) {
      if (level() !== 'error' || alwaysWritten.has(event)) lines.warn(fields ?? {}, event)
    },
    error: (event, { cause, ...fields } = {}) => lines.error({ ...fields, cause: describeCause(cause) }, event),
  }
}

/** Buffers the lines of one event-loop turn: writing to a pipe is synchronous and costs as much as producing a line. */
function oncePerTurn(write: (text: string) => void): (line: string) => void {
  let waiting = ''
  const flush = (): void => {
    const text = waiting
    waiting = ''
    if (text !== '') write(text)
  }
  process.on('exit', flush)
  return (line) => {
    if (waiting === '') setImmediate(flush)
    waiting += line
  }
}

function openTarget(destination: LogOptions['destination']): { write(line: string): unknown } {
  if (destination === 'stdout') return process.stdout
  if ('file' in destination) return pino.destination({ dest: destination.file, mkdir: true, sync: true, mode: 0o600 })
  return destination
}

/** The first 32 characters of a merchant key are the AES key of EncData. */
const withKeyPrefixes = (secrets: readonly string[]): readonly string[] =>
  secrets
    .flatMap((secret) => (secret.length > 32 ? [secret, secret.slice(0, 32)] : [secret]))
    .filter((text) => text.length >= 16)

function describeCause(cause: unknown): string | undefined {
  if (cause === undefined) return undefined
  if (!(cause instanceof Error)) return typeof cause === 'string' ? cause : `a thrown ${typeof cause}`
  const own = cause.stack ?? `${cause.name}: ${cause.message}`
  return cause.cause === undefined ? own : `${own}\ncaused by ${describeCause(cause.cause)}`
}
