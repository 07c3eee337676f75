import type { MiddlewareHandler } from 'hono'

/**
 * Same-origin check, the second defence against CSRF after the token. Browsers with Fetch Metadata decide by
 * `Sec-Fetch-Site`; older ones by `Origin`, which may be missing, or "null" under our `no-referrer`: those pass.
 */
export const isSameOrigin = (request: Request): boolean => sameOrigin(request) ?? true

/**
 * {@link isSameOrigin}, but a request that proves nothing is rejected: for forms whose secret may be known to others.
 * Such a page must send `Referer`, since Internet Explorer 11 and others post forms without an `Origin`.
 */
export const isProvablySameOrigin = (request: Request): boolean =>
  sameOrigin(request) ?? isOwnHost(request, request.headers.get('referer'))

/** Undefined when the browser does not say. */
function sameOrigin(request: Request): boolean | undefined {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin' || site === 'none'
  const origin = request.headers.get('origin')
  return origin === null || origin === 'null' ? undefined : isOwnHost(request, origin)
}

/** For file downloads: another site can neither start the work nor the download. */
export const requireSameOrigin: MiddlewareHandler = async ({ req, text }, next) =>
  isSameOrigin(req.raw) ? next() : text('이 파일은 콘솔에서 받으세요.\nDownload this file from the console.\n', 403)

/** Compares hosts only: behind a proxy that terminates TLS the scheme differs. */
const isOwnHost = (request: Request, url: string | null): boolean =>
  url !== null && URL.canParse(url) && new URL(url).host === new URL(request.url).host

const typeOf = (request: Request): string =>
  (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''

/** The content type of our own forms. Another site can post `text/plain`, whose body can imitate any format. */
export const isPlainForm = (request: Request): boolean => typeOf(request) === 'application/x-www-form-urlencoded'

/** Other sites cannot send this content type without a CORS preflight, which is never granted. */
export const isJson = (request: Request): boolean => typeOf(request) === 'application/json'
