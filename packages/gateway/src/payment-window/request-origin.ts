/** The `Origin` of a page on the web, in the one spelling a policy or a message target needs. */
export function pageOriginOf(request: Request): string | undefined {
  const given = request.headers.get('origin') ?? ''
  if (!/^https?:\/\//.test(given) || !URL.canParse(given)) return undefined
  const { origin } = new URL(given)
  return origin === given ? origin : undefined
}
