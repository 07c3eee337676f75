import type { Reach } from './address-guard.ts'

/** A request to somebody else's server. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly timeoutMs: number
  /** For an address that somebody else has chosen. Of a long answer the first `keepBytes` are kept. */
  readonly guard?: { readonly reach: Reach; readonly keepBytes: number }
}

/** What somebody else's server answered. */
export interface OutgoingAnswer {
  readonly status: number
  readonly body: Uint8Array
}

/** Runs `work` once after `delayMs`; the returned function stops it. */
export type Schedule = (delayMs: number, work: () => void) => () => void
