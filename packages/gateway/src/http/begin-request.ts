import type { MiddlewareHandler } from 'hono'
import type { Context } from '../context.ts'
import { type Caller, clientKey } from './client-address.ts'
import { asRequest } from './current-request.ts'

const longestUser = 64

/**
 * Gives a request its id, its place in the concurrency limiter and its client, once for everything that is done for it. `userHeader`: where
 * a proxy in front names who is signed in.
 */
export const beginRequest =
  (
    { runtime, settings }: Pick<Context, 'runtime' | 'settings'>,
    userHeader?: string,
  ): MiddlewareHandler<{ Bindings: Caller }> =>
  ({ req, env }, next) => {
    const caller = env ?? {}
    const address = clientKey(req.raw, caller, settings.limits.proxyHops)
    const user = userHeader === undefined ? undefined : readUser(req.header(userHeader))
    return asRequest(runtime.now(), { slot: caller.slot, address, user }, next)
  }

/** What a log may show: one short word or address, without blanks. */
const readUser = (given = ''): string | undefined =>
  given === '' ? undefined : given.replace(/[^\x21-\x7e]/g, '?').slice(0, longestUser)
