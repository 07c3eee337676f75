import type { MiddlewareHandler } from 'hono'
import { asRequest } from '../logging/current-request.ts'
import type { Runtime } from '../runtime.ts'
import { type Caller, clientKey } from './client-address.ts'

interface RequestOptions {
  readonly runtime: Pick<Runtime, 'now'>
  readonly proxyHops: number
  /** The header in which a login proxy names the signed-in user. */
  readonly userHeader?: string | undefined
}

/** Runs a request in its async context: id, concurrency slot, client address, user. See {@link asRequest}. */
export const beginRequest =
  ({ runtime, proxyHops, userHeader }: RequestOptions): MiddlewareHandler<{ Bindings: Caller }> =>
  ({ req, env }, next) => {
    const caller = env ?? {}
    const address = clientKey(req.raw, caller, proxyHops)
    const user = userHeader === undefined ? undefined : loggable(req.header(userHeader))
    return asRequest(runtime.now(), { slot: caller.slot, address, user }, next)
  }

/** At most 64 printable ASCII characters. */
const loggable = (user = ''): string | undefined =>
  user === '' ? undefined : user.replace(/[^\x21-\x7e]/g, '?').slice(0, 64)
