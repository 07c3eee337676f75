import type { MiddlewareHandler } from 'hono'

/**
 * Whether one of our own pages sent this form. What the form carries is what nobody else has; this is the second lock. Browsers
 * that send `Sec-Fetch-Site` decide by it. Older ones send an `Origin`, which our own `no-referrer` may turn into "null", or none.
 */
export const isFromOwnPage = (request: Request): boolean => comesFromOwnPage(request) ?? true

/**
 * The same for a form whose secret somebody else may know and put into a page of theirs: who says nothing is refused. Our page must send
 * `Referer` to us, since browsers such as Internet Explorer 11 post forms without an `Origin`.
 */
export const isSurelyFromOwnPage = (request: Request): boolean =>
  comesFromOwnPage(request) ?? isOwnAddress(request, request.headers.get('referer'))

/** Undefined when the browser does not say. */
function comesFromOwnPage(request: Request): boolean | undefined {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin' || site === 'none'
  const given = request.headers.get('origin')
  return given === null || given === 'null' ? undefined : isOwnAddress(request, given)
}

/** For what is fetched as a file: a page from elsewhere can start neither the work nor the download. */
export const onlyFromOwnPage: MiddlewareHandler = async ({ req, text }, next) =>
  isFromOwnPage(req.raw) ? next() : text('이 파일은 콘솔에서 받으십시오.\nDownload this file from the console.\n', 403)

/** Behind a proxy that ends TLS only the host is the same. */
const isOwnAddress = (request: Request, given: string | null): boolean =>
  given !== null && URL.canParse(given) && new URL(given).host === new URL(request.url).host

const typeOf = (request: Request): string =>
  (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''

/** What our own forms send; pages from elsewhere may send `text/plain` to make a body look like anything. */
export const isPlainForm = (request: Request): boolean => typeOf(request) === 'application/x-www-form-urlencoded'

/** A page from elsewhere cannot send this content type without asking first, and nobody answers that question. */
export const isJson = (request: Request): boolean => typeOf(request) === 'application/json'
