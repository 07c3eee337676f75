/**
 * Whether the host is written as names and addresses are. The URL standard lets a host hold `;`, `,`, `'` and `*` too, each of which
 * means something in a Content-Security-Policy.
 */
export const isPlainOrigin = (origin: string): boolean => /^https?:\/\/[a-z0-9._:[\]-]+$/.test(origin)

/** The `Origin` of a page on the web, in the one spelling a policy or a message target needs. */
export function pageOriginOf(request: Request): string | undefined {
  const given = request.headers.get('origin') ?? ''
  if (!isPlainOrigin(given) || !URL.canParse(given)) return undefined
  const { origin } = new URL(given)
  return origin === given ? origin : undefined
}
