import { goOnPage, redirectBack } from './go-on-page.ts'
import type { Merchant } from './merchant.ts'
import { type ReadFields, readFields } from './read-fields.ts'
import { encryptReturnState, openReturnState, type ReturnState, type ReturnStateFault } from './return-state.ts'

/** What this request is for: the shop answers with `response` as it is, and the browser comes back with the shop's cookies. */
export interface GoOn {
  readonly result: 'go_on'
  readonly response: Response
}

type Received<Reading> =
  | { readonly result: 'read'; readonly reading: Reading }
  | GoOn
  | { readonly result: 'fault'; readonly fault: ReturnStateFault }

/** Names what was posted in the address of the requests after it. */
const parameter = 'sspay-return'

/** As long as a buyer may take to come back, or reload; an approval ticket lives about as long. */
const validForMs = 10 * 60 * 1000

/** Longer addresses are refused by some servers. */
const longestState = 4_000

/**
 * The payment service's post comes from another site, so browsers leave the shop's SameSite cookies out. What can be read at all is
 * sealed into the address and fetched again by a GET (`Lax` cookies are back), then once more from the shop's own page (`Strict` ones too).
 */
export async function receiveReturn<Reading extends { readonly ok: boolean }>(
  merchant: Merchant,
  request: Request,
  read: (given: ReadFields) => Reading,
): Promise<Received<Reading>> {
  const place = placeOf(request)
  if (request.method === 'GET' && place.encrypted !== undefined) {
    const opened = openReturnState(merchant, place.address, place.encrypted)
    if (!opened.ok) return { result: 'fault', fault: opened.fault }
    const { state } = opened
    const reading = read({ fields: state.fields, repeated: [] })
    if (!reading.ok || state.hasGoneOn || comesFromOwnSite(request)) return { result: 'read', reading }
    return { result: 'go_on', response: goOnPage(locationOf(merchant, place, { ...state, hasGoneOn: true })) }
  }
  const given = await readFields(request)
  const reading = read(given)
  if (!reading.ok || isFromScript(request) || comesFromOwnSite(request)) return { result: 'read', reading }
  const expiresAt = new Date(merchant.now().getTime() + validForMs)
  const location = locationOf(merchant, place, { fields: given.fields, expiresAt, hasGoneOn: false })
  // What nobody sends in earnest would not arrive: it is taken as it is, without the cookies.
  if (location.length > longestState) return { result: 'read', reading }
  return { result: 'go_on', response: redirectBack(location) }
}

interface Place {
  /** Host, path and the shop's own parameters: what a state is bound to. */
  readonly address: string
  /** The shop's own parameters, as they were written. */
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

/** Only parameters: a proxy in front of the shop may have another host, scheme or path. */
const locationOf = (merchant: Merchant, { address, search }: Place, state: ReturnState): string =>
  `${search === '' ? '?' : `${search}&`}${parameter}=${encryptReturnState(merchant, address, state)}`

/** A script of the shop that posts JSON, or fetches, has its cookies or wants none; only a page can go on. */
function isFromScript({ headers }: Request): boolean {
  const mode = headers.get('sec-fetch-mode')
  return (mode !== null && mode !== 'navigate') || /^application\/json\b/i.test(headers.get('content-type') ?? '')
}

/** Whether the browser says that no other site has led here. Browsers before 2023 may say nothing about a GET; they go on as well. */
function comesFromOwnSite({ headers, url }: Request): boolean {
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site !== 'cross-site'
  const origin = headers.get('origin') ?? ''
  return URL.canParse(origin) && new URL(origin).host === new URL(url).host
}
