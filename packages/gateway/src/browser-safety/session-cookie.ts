import type { MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { cameEncrypted } from '../http/client-address.ts'
import { type Runtime, randomHex } from '../runtime.ts'
import { isSameOrigin } from './same-origin.ts'

/** Set on the Hono context by {@link withSession}. */
export interface SessionVariables {
  readonly Variables: {
    /** Random, chosen for this browser; not a login. */
    session: string
  }
}

const cookieName = 'sspay-session'

/** Any proxy is believed: a client that lies gets a cookie that its own browser drops. */
const anyProxy = 1

/**
 * Anonymous session cookie, which CSRF tokens are bound to. `SameSite=Lax`: sent when a link is followed here, not with
 * a form of another site. Over HTTPS it has the `__Host-` prefix, so that a sibling host cannot set it.
 */
export const withSession =
  (runtime: Runtime): MiddlewareHandler<SessionVariables> =>
  async (context, next) => {
    const secure = cameEncrypted(context.req.raw, anyProxy)
    const prefix = secure ? ('host' as const) : undefined
    const given = getCookie(context, cookieName, prefix)
    const isKnown = given !== undefined && /^[0-9a-f]{32}$/.test(given)
    const session = isKnown ? given : randomHex(runtime, 16)
    context.set('session', session)
    await next()
    // A cross-site form comes without the cookie: answering it with a new one would replace the existing session.
    if (isKnown || !(context.req.method === 'GET' || isSameOrigin(context.req.raw))) return
    const scope = { httpOnly: true, sameSite: 'Lax', path: '/', secure } as const
    setCookie(context, cookieName, session, prefix === undefined ? scope : { ...scope, prefix })
  }
