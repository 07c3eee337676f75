/** Whether the browser came by HTTPS: to the gateway itself, or to a declared proxy in front that says so in `X-Forwarded-Proto`. */
export function isHttps(request: Request, proxyHops: number): boolean {
  if (new URL(request.url).protocol === 'https:') return true
  return proxyHops > 0 && /^\s*https\b/i.test(request.headers.get('x-forwarded-proto') ?? '')
}
