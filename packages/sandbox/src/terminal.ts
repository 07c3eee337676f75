import type { Environment } from './addresses.ts'

export interface Output {
  write(text: string): unknown
}

/** The input and output of a command. */
export interface Terminal {
  readonly output: Output
  readonly errors: Output
  readonly environment: Environment
  /** stdin, when something is piped in. */
  readonly input?: AsyncIterable<Uint8Array>
  /** Whether stdout is a terminal that shows colours. */
  readonly isWatched?: boolean
  /** Ends commands that run until Ctrl+C. */
  readonly stopping?: AbortSignal
}
