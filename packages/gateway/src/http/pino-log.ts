import { pino } from 'pino'
import type { Log } from '../log.ts'
import { originOfLine } from './current-request.ts'
import { scrub } from './scrub.ts'

/** Where the log goes, and what it must not show. */
export interface LogOptions {
  /** Where the lines go: standard output, a file that is appended to, or any stream. */
  readonly destination: 'stdout' | { readonly file: string } | { write(line: string): unknown }
  /** Long texts that must never show, for example merchant keys; asked before each line. */
  readonly secrets?: () => readonly string[]
}

/** JSON lines through pino. Every finished line passes `scrub`, so that a mistake elsewhere does not print a card number. */
export function createLog({ destination, secrets = () => [] }: LogOptions): Log {
  const target = openTarget(destination)
  const writeScrubbed = (text: string): void => void target.write(scrub(text, withKeyTexts(secrets())))
  const scrubbing = { write: destination === 'stdout' ? oncePerTurn(writeScrubbed) : writeScrubbed }
  const lines = pino(
    {
      base: null,
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: originOfLine,
      formatters: { level: (label) => ({ level: label }) },
    },
    scrubbing,
  )
  return {
    info: (event, fields) => lines.info(fields ?? {}, event),
    warn: (event, fields) => lines.warn(fields ?? {}, event),
    error: (event, { cause, ...fields } = {}) => lines.error({ ...fields, cause: describeCause(cause) }, event),
  }
}

/** A pipe is written to at once, and a write costs as much as a line: the lines of one turn of the event loop leave together. */
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

/** The first 32 characters of a merchant key are themselves a key (EncData). */
const withKeyTexts = (secrets: readonly string[]): readonly string[] =>
  secrets
    .flatMap((secret) => (secret.length > 32 ? [secret, secret.slice(0, 32)] : [secret]))
    .filter((text) => text.length >= 16)

function describeCause(cause: unknown): string | undefined {
  if (cause === undefined) return undefined
  if (!(cause instanceof Error)) return typeof cause === 'string' ? cause : `a thrown ${typeof cause}`
  const own = cause.stack ?? `${cause.name}: ${cause.message}`
  return cause.cause === undefined ? own : `${own}\ncaused by ${describeCause(cause.cause)}`
}
