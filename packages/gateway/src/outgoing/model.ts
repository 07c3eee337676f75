import type { Secret } from '../secret.ts'
import type { Reach } from './address-guard.ts'

/** How a connection to an `https:` address is authenticated. All PEM. */
export interface ClientTls {
  /** Of this side, for a server that asks for a certificate. */
  readonly identity?: { readonly key: Secret; readonly cert: string } | undefined
  /** Who may have signed the server's certificate, in place of the authorities that Node trusts. */
  readonly ca?: string | undefined
}

/** A request to somebody else's server. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly timeoutMs: number
  /** Its circuit breaker was asked before the work began, so the request is sent whatever the breaker says by now. */
  readonly isPermitted?: boolean
  /** Not for guarded requests. */
  readonly tls?: ClientTls | undefined
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
