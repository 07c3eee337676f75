import { createHash } from 'node:crypto'
import { authenticationReturn } from '@sspay/protocol'
import { wireNameOf } from '@sspay/protocol/internal'
import { escapeHtml } from './form-fields.ts'
import type { Merchant } from './merchant.ts'
import { type ReadFields, readFields } from './read-fields.ts'
import { encryptReturnState, openReturnState, type ReturnState, type ReturnStateFault } from './return-state.ts'

/** Nothing is received yet: send `response` as it is, and the browser comes back with the shop's cookies. */
export interface ReturnRedirect {
  readonly outcome: 'redirect'
  readonly response: Response
}

/** Parameter of the redirected address that holds the encrypted fields. */
const parameter = 'sspay-return'

/** About as long as an approval ticket lives. */
const validForMs = 10 * 60 * 1000

/** Some servers reject longer addresses. */
const longestState = 4_000

/**
 * Restores `SameSite` cookies, which browsers omit from the payment service's cross-site post. Readable fields are
 * encrypted into the address and fetched by a GET (with `Lax` cookies), then once more from the shop's own page (with
 * `Strict` cookies too).
 */
export async function receiveReturn<Reading extends { readonly outcome: string }>(
  merchant: Merchant,
  request: Request,
  read: (given: ReadFields) => Reading,
): Promise<Reading | ReturnRedirect | { readonly outcome: 'state_rejected'; readonly state: ReturnStateFault }> {
  const place = placeOf(request)
  if (request.method === 'GET' && place.encrypted !== undefined) {
    const opened = openReturnState(merchant, place.address, place.encrypted)
    if (!opened.ok) return { outcome: 'state_rejected', state: opened.fault }
    const { state } = opened
    const reading = read({ fields: state.fields, repeated: [] })
    if (reading.outcome === 'rejected' || state.wasReloaded || comesFromOwnSite(request)) return reading
    return { outcome: 'redirect', response: reloadPage(locationOf(merchant, place, { ...state, wasReloaded: true })) }
  }
  const given = withoutCopy(await readFields(request))
  const reading = read(given)
  if (reading.outcome === 'rejected' || isFromScript(request) || comesFromOwnSite(request)) return reading
  const expiresAt = new Date(merchant.now().getTime() + validForMs)
  const location = locationOf(merchant, place, { fields: given.fields, expiresAt, wasReloaded: false })
  // No real return is this long; it is read without the cookies.
  if (location.length > longestState) return reading
  const response = new Response(null, { status: 303, headers: { ...privateHeaders, location } })
  return { outcome: 'redirect', response }
}

const copyName = wireNameOf(authenticationReturn, 'requestCopy')

/** The copy repeats the other fields, and would make the redirected address too long. */
const withoutCopy = ({ fields: { [copyName]: _copy, ...fields }, repeated }: ReadFields): ReadFields => ({
  fields,
  repeated,
})

interface Place {
  /** Host, path and the shop's own parameters, to which the encrypted fields are bound. */
  readonly address: string
  /** The shop's own parameters, verbatim. */
  readonly search: string
  readonly encrypted: string | undefined
}

const encryptedAtTheEnd = new RegExp(`[?&]${parameter}=([^&]*)$`)

function placeOf(request: Request): Place {
  const url = new URL(request.url)
  const encrypted = encryptedAtTheEnd.exec(url.search)?.[1]
  const search = url.search.replace(encryptedAtTheEnd, '')
  return { address: `${url.host}${url.pathname}${search}`, search, encrypted }
}

/** Relative, because a proxy in front of the shop may have another host, scheme or path. */
const locationOf = (merchant: Merchant, { address, search }: Place, state: ReturnState): string =>
  `${search === '' ? '?' : `${search}&`}${parameter}=${encryptReturnState(merchant, address, state)}`

/** A script of the shop that posts JSON or fetches has its cookies already, and cannot follow the reloading page. */
function isFromScript({ headers }: Request): boolean {
  const mode = headers.get('sec-fetch-mode')
  return (mode !== null && mode !== 'navigate') || /^application\/json\b/i.test(headers.get('content-type') ?? '')
}

/** Browsers before 2023 may omit both headers of a GET: then the page reloads once more. */
function comesFromOwnSite({ headers, url }: Request): boolean {
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site !== 'cross-site'
  const origin = headers.get('origin') ?? ''
  return URL.canParse(origin) && new URL(origin).host === new URL(url).host
}

/** The encrypted fields in the address must stay out of caches and Referer headers. */
const privateHeaders = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

const css = `body{margin:0;font:16px/1.6 system-ui,sans-serif;text-align:center}
main{max-width:26em;margin:20vh auto 0;padding:0 1.5em}
a{display:inline-block;padding:.8em 1.6em;border:1px solid;border-radius:.6em;color:inherit;text-decoration:none}`

const cssHash = createHash('sha256').update(css).digest('base64')

/** Loads `location` by a meta refresh, without script: a same-site request, with `SameSite=Strict` cookies. */
function reloadPage(location: string): Response {
  const target = escapeHtml(location)
  const page = `<!doctype html>
<html lang="ko">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="0;url=${target}">
<title>결제 확인</title>
<link rel="icon" href="data:,">
<style>${css}</style>
</head>
<body><main>
<p role="status">결제를 확인하고 있어요.<br><span lang="en">Checking your payment.</span></p>
<p><a href="${target}">계속 <span lang="en">Continue</span></a></p>
</main></body>
</html>`
  return new Response(page, {
    headers: {
      ...privateHeaders,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; img-src data:; style-src 'sha256-${cssHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`,
    },
  })
}
