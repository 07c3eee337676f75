/**
 * Whether the client's own connection was encrypted. Behind declared proxies that end TLS, `X-Forwarded-Proto` says so: what the outermost of
 * them has written, since a client itself may write anything further left.
 */
export function cameEncrypted(request: Request, proxyHops: number): boolean {
  if (new URL(request.url).protocol === 'https:') return true
  if (proxyHops === 0) return false
  const schemes = (request.headers.get('x-forwarded-proto') ?? '').split(',').map((scheme) => scheme.trim())
  return (schemes.at(-proxyHops) ?? schemes[0])?.toLowerCase() === 'https'
}
