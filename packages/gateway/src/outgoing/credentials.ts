import type { Runtime } from '../runtime.ts'
import type { Secret } from '../secret.ts'
import type { ClientTls } from './model.ts'

/** By what a called service knows this gateway, and this gateway the service. */
export interface Credentials {
  /** Sent as `Authorization: Bearer`. */
  readonly token?: Secret | undefined
  readonly tls?: ClientTls | undefined
}

/** The same runtime, whose outgoing requests carry the credentials. */
export function withCredentials(runtime: Runtime, { token, tls }: Credentials): Runtime {
  if (token === undefined && tls === undefined) return runtime
  const fetch: Runtime['fetch'] = (url, request) => {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token.expose()}` }
    return runtime.fetch(url, { ...request, headers: { ...request.headers, ...authorization }, tls })
  }
  return { ...runtime, fetch }
}
