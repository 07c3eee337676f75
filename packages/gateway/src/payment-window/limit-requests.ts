import { resultCodes } from '@sspay/protocol'
import type { MiddlewareHandler } from 'hono'
import { messagePage } from '../design/message-page.ts'
import type { Caller } from '../http/client-address.ts'
import { countEachSecond } from '../logging/count-each-second.ts'
import { currentAddress } from '../logging/current-request.ts'
import type { WindowContext } from './model.ts'
import { isToken } from './session.ts'

/**
 * Rate limit of an open window's addresses, before the database is asked: by the client's address and by window. The answer is for
 * whatever asked, a page, a picture or a step: the window's own language and shop would cost the reads that are saved here.
 */
export function limitRequests(window: WindowContext): MiddlewareHandler<{ Bindings: Caller }> {
  const { limits, runtime, log } = window
  const logRejected = countEachSecond(runtime, log, 'window_requests_rejected', { reason: 'overloaded' })
  return async ({ req }, next) => {
    const token = req.param('token') ?? ''
    const address = currentAddress()
    const byAddress = address === undefined ? undefined : limits.requestsPerAddress.take(address)
    // What is no token is no window; it must not fill the memory of the limit.
    const byWindow = byAddress?.ok === false || !isToken(token) ? undefined : limits.requestsPerWindow.take(token)
    const rejected = [byAddress, byWindow].find((admitted) => admitted?.ok === false)
    if (rejected?.ok !== false) return next()
    logRejected({ address })
    return messagePage(503, resultCodes.overloaded, {
      frameAncestors: '*',
      headers: {
        'x-sspay-result': resultCodes.overloaded.code,
        'retry-after': String(Math.ceil(rejected.retryAfterMs / 1000)),
        'referrer-policy': 'no-referrer',
      },
    })
  }
}
