import type { MiddlewareHandler } from 'hono'
import { isLocalhostName } from '../network-address.ts'

/** HSTS over TLS. Not on localhost, where the browser would then reject plain HTTP on every other port too. */
export const strictTransportSecurity: MiddlewareHandler = async ({ req, header }, next) => {
  await next()
  if (req.url.startsWith('https:') && !isLocalhostName(new URL(req.url).hostname))
    header('strict-transport-security', 'max-age=31536000; includeSubDomains')
}
