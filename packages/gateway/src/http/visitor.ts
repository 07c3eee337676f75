import type { MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { type Runtime, randomHex } from '../runtime.ts'
import { isFromOwnPage } from './own-page.ts'

/** What {@link knowVisitor} leaves on a request of Hono. */
export interface VisitorVariables {
  readonly Variables: {
    /** Chosen by chance for this browser; says nothing about the person. */
    visitor: string
  }
}

const cookieName = 'sspay-visitor'

/**
 * Tells browsers apart, so that a form made for one does not work in another. Lax: the cookie comes along when a link is followed
 * to us, and not with a form that another site sends.
 */
export const knowVisitor =
  (runtime: Runtime): MiddlewareHandler<VisitorVariables> =>
  async (context, next) => {
    const given = getCookie(context, cookieName)
    const isKnown = given !== undefined && /^[0-9a-f]{32}$/.test(given)
    const visitor = isKnown ? given : randomHex(runtime, 16)
    context.set('visitor', visitor)
    await next()
    // A form that another site sends has no cookie either: it must not take the place of the one there is.
    const isOurs = context.req.method === 'GET' || isFromOwnPage(context.req.raw)
    if (isKnown || !isOurs) return
    const secure = new URL(context.req.url).protocol === 'https:'
    setCookie(context, cookieName, visitor, { httpOnly: true, sameSite: 'Lax', path: '/', secure })
  }
