/** The `Origin` of a page on the web, in the one spelling a policy or a message target needs. */
export function pageOriginOf(request: Request): string | undefined {
  const given = request.headers.get('origin') ?? ''
  if (!/^https?:\/\//.test(given) || !URL.canParse(given)) return undefined
  const { origin } = new URL(given)
  return origin === given ? origin : undefined
}

/**
 * Whether one of our own pages sent this form. The token in the address is what nobody else has; this is the second lock. Browsers
 * that send `Sec-Fetch-Site` decide by it. Older ones send an `Origin`, which our own `no-referrer` may turn into "null", or none.
 */
export function isFromOwnPage(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin' || site === 'none'
  const given = request.headers.get('origin')
  if (given === null || given === 'null') return true
  // Behind a proxy that ends TLS only the host is the same.
  return URL.canParse(given) && new URL(given).host === new URL(request.url).host
}
