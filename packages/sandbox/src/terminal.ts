import type { Environment } from './addresses.ts'

export interface Output {
  write(text: string): unknown
}

/** What a command of the command line works with. */
export interface Terminal {
  readonly output: Output
  readonly errors: Output
  /** Its ports are those of the sandbox that runs here. */
  readonly environment: Environment
  /** What is piped in; absent: nothing. */
  readonly input?: AsyncIterable<Uint8Array>
  /** Whether a person watches the output, so that colours help. */
  readonly isWatched?: boolean
  /** Ends what would go on for ever. */
  readonly stopping?: AbortSignal
}
