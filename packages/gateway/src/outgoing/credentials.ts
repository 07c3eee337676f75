import type { Secret } from '../secret.ts'
import type { ClientTls, Fetch } from './model.ts'

/** Authentication between this gateway and a called service. */
export interface Credentials {
  /** Sent as `Authorization: Bearer`. */
  readonly token?: Secret | undefined
  readonly tls?: ClientTls | undefined
}

export const withCredentials =
  (send: Fetch, { token, tls }: Credentials): Fetch =>
  (url, request) => {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token.expose()}` }
    return send(url, { ...request, headers: { ...request.headers, ...authorization }, tls })
  }
