import type { MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { type Runtime, randomHex } from '../runtime.ts'
import { cameEncrypted } from './encrypted.ts'
import { isFromOwnPage } from './own-page.ts'

/** What {@link knowVisitor} leaves on a request of Hono. */
export interface VisitorVariables {
  readonly Variables: {
    /** Chosen by chance for this browser; says nothing about the person. */
    visitor: string
  }
}

const cookieName = 'sspay-visitor'

/** Any proxy that says so is believed: a client that lies gets a cookie that its browser does not keep. */
const anyProxy = 1

/**
 * Tells browsers apart, so that a form made for one does not work in another. Lax: the cookie comes along when a link is followed
 * to us, and not with a form that another site sends. Over HTTPS its name begins with `__Host-`, so that no neighbouring host can set it.
 */
export const knowVisitor =
  (runtime: Runtime): MiddlewareHandler<VisitorVariables> =>
  async (context, next) => {
    const secure = cameEncrypted(context.req.raw, anyProxy)
    const prefix = secure ? ('host' as const) : undefined
    const given = getCookie(context, cookieName, prefix)
    const isKnown = given !== undefined && /^[0-9a-f]{32}$/.test(given)
    const visitor = isKnown ? given : randomHex(runtime, 16)
    context.set('visitor', visitor)
    await next()
    // A form that another site sends has no cookie either: it must not take the place of the one there is.
    const isOurs = context.req.method === 'GET' || isFromOwnPage(context.req.raw)
    if (isKnown || !isOurs) return
    const scope = { httpOnly: true, sameSite: 'Lax', path: '/', secure } as const
    setCookie(context, cookieName, visitor, prefix === undefined ? scope : { ...scope, prefix })
  }
