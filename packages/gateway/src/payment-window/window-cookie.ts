import { parse, serialize } from 'hono/utils/cookie'
import { cameEncrypted } from '../http/client-address.ts'
import type { WindowContext } from './model.ts'
import { sessionLifeMs } from './session.ts'

/** Two windows in two tabs each have their own. `__Host-`: no other host may set it. */
const cookieName = (sessionHash: string, isSecure: boolean): string =>
  `${isSecure ? '__Host-' : ''}sspay-window-${sessionHash.slice(0, 8)}`

const isSecureFor = ({ settings }: Pick<WindowContext, 'settings'>, request: Request): boolean =>
  cameEncrypted(request, settings.limits.proxyHops)

/**
 * The `Set-Cookie` header of a window. In a frame on a shop's page it is a third-party cookie: `SameSite=None` sends it there, and
 * `Partitioned` (CHIPS) keeps it for this shop alone, where browsers block other third-party cookies. Plain HTTP allows neither.
 */
export function writeWindowCookie(
  window: WindowContext,
  request: Request,
  { sessionHash, secret }: { readonly sessionHash: string; readonly secret: string },
): string {
  const isSecure = isSecureFor(window, request)
  return serialize(cookieName(sessionHash, isSecure), secret, {
    path: '/',
    httpOnly: true,
    maxAge: sessionLifeMs(window.settings) / 1000,
    ...(isSecure ? { secure: true, sameSite: 'None', partitioned: true } : { sameSite: 'Lax' }),
  })
}

export function readWindowCookie(window: WindowContext, request: Request, sessionHash: string): string | undefined {
  const name = cookieName(sessionHash, isSecureFor(window, request))
  return parse(request.headers.get('cookie') ?? '', name)[name]
}
