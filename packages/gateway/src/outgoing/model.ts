import type { Secret } from '../secret.ts'
import type { Schedule } from '../within.ts'
import type { Reach } from './address-guard.ts'

/** Authentication between this gateway and a called service. */
export interface Credentials {
  /** Sent as `Authorization: Bearer`. */
  readonly token?: Secret | undefined
  readonly tls?: ClientTls | undefined
}

/** `current` is asked for each request: credentials are renewed while the gateway runs. */
export const withCredentials =
  (send: Fetch, current: () => Credentials): Fetch =>
  (url, request) => {
    const { token, tls } = current()
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token.expose()}` }
    return send(url, { ...request, headers: { ...request.headers, ...authorization }, tls })
  }

/** TLS settings of an outgoing connection. All PEM. */
export interface ClientTls {
  /** Client certificate (mutual TLS). */
  readonly identity?: { readonly key: Secret; readonly cert: string } | undefined
  /** CA of the server's certificate, instead of the authorities that Node trusts. */
  readonly ca?: string | undefined
}

/** One outgoing request, with its deadline. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly timeoutMs: number
  /** The caller holds a permit of the circuit breaker (`tryAcquire`): send in any state. */
  readonly isPermitted?: boolean
  /** Not for guarded requests. */
  readonly tls?: ClientTls | undefined
  /** SSRF guard, for an address that a merchant has chosen. The answer is cut to `keepBytes`. */
  readonly guard?: { readonly reach: Reach; readonly keepBytes: number }
}

/** Answer of an outgoing request. */
export interface OutgoingAnswer {
  readonly status: number
  readonly body: Uint8Array
}

export type Fetch = (url: string, request: OutgoingRequest) => Promise<OutgoingAnswer>

/** Clock and timers, as `Runtime` has them. */
export interface Timers {
  now(): Date
  readonly schedule: Schedule
}
