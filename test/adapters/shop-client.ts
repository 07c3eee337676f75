import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { encodeForm } from '@sspay/protocol/charset'

/** Where a request comes from, as browsers tell it in `sec-fetch-site`; `none` is typed into the address bar. */
type From = 'none' | 'same-origin' | 'cross-site'

export interface Visit {
  /** Posted as a form; without them it is a GET. */
  readonly fields?: Readonly<Record<string, string>>
  readonly charset?: 'utf-8' | 'euc-kr'
  readonly from?: From
  readonly accept?: string
  readonly userAgent?: string
}

export interface Hop {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly html: string
}

export interface ShopClient {
  /** Sends one request and follows nothing. */
  send(path: string, visit?: Visit): Promise<Hop>
  /** Follows redirects and pages that continue by themselves; the last hop is the page that the buyer sees. */
  visit(path: string, visit?: Visit): Promise<readonly Hop[]>
  /** Overrides the SameSite attribute of the shop's cookies from now on. */
  holdCookiesTo(sameSite: SameSite): void
}

type SameSite = 'strict' | 'lax' | 'none'

const mostHops = 8
const timeoutMs = 20_000

interface Exchange {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Not by `fetch`, which says itself what it is for in `sec-fetch-mode`. */
async function exchange(url: URL, { method, headers, body }: Exchange): Promise<Hop> {
  const outgoing = request(url, { agent: false, method, headers, signal: AbortSignal.timeout(timeoutMs) })
  outgoing.end(body)
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
  const named = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  )
  return { url: url.href, status: answer.statusCode ?? 0, headers: new Headers(named), html: await text(answer) }
}

/** A browser without script that minds `SameSite`. */
export function createShopClient(origin: string): ShopClient {
  const jar = new Map<string, { readonly value: string; readonly sameSite: SameSite }>()

  const send = async (path: string, visit: Visit = {}): Promise<Hop> => {
    const { fields, from = fields === undefined ? 'none' : 'same-origin' } = visit
    const method = fields === undefined ? 'GET' : 'POST'
    const cookies = [...jar].filter(([, { sameSite }]) => travels(sameSite, method, from))
    const cookie = cookies.map(([name, { value }]) => `${name}=${value}`).join('; ')
    const hop = await exchange(new URL(path, origin), {
      method,
      headers: { ...headersOf(visit, from, origin), ...(cookie === '' ? {} : { cookie }) },
      body: fields === undefined ? '' : encodeForm(fields, visit.charset ?? 'utf-8'),
    })
    for (const setting of hop.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(setting) ?? []
      jar.set(name, { value, sameSite: (/samesite=(\w+)/i.exec(setting)?.[1] ?? 'lax').toLowerCase() as SameSite })
    }
    return hop
  }

  return {
    send,
    async visit(path, visit = {}) {
      const hops = [await send(path, visit)]
      let { from = 'none' } = visit
      for (let last = hops[0]; last !== undefined && hops.length < mostHops; last = hops.at(-1)) {
        const next = nextOf(last)
        if (next === undefined) return hops
        // A redirect keeps its origin's stain; a page of the shop that goes on by itself is the shop's.
        if (next.by === 'page') from = 'same-origin'
        hops.push(await send(next.url, { ...without(visit), from }))
      }
      throw new Error(`${path} goes on without end: ${hops.map(({ url }) => url).join(' ')}`)
    },
    holdCookiesTo(sameSite) {
      for (const [name, { value }] of jar) jar.set(name, { value, sameSite })
    },
  }
}

function travels(sameSite: SameSite, method: 'GET' | 'POST', from: From): boolean {
  if (from !== 'cross-site' || sameSite === 'none') return true
  return sameSite === 'lax' && method === 'GET'
}

const headersOf = (visit: Visit, from: From, origin: string): Readonly<Record<string, string>> => ({
  accept: visit.accept ?? 'text/html,*/*;q=0.8',
  'sec-fetch-site': from,
  'sec-fetch-mode': 'navigate',
  ...(visit.userAgent === undefined ? {} : { 'user-agent': visit.userAgent }),
  ...(visit.fields === undefined
    ? {}
    : {
        'content-type': 'application/x-www-form-urlencoded',
        origin: from === 'cross-site' ? 'https://window.example' : origin,
      }),
})

const without = ({ fields: _, charset: _charset, ...visit }: Visit): Visit => visit

function nextOf({
  url,
  status,
  headers,
  html,
}: Hop): { readonly url: string; readonly by: 'redirect' | 'page' } | undefined {
  const location = headers.get('location')
  if (status >= 300 && status < 400 && location !== null) return { url: new URL(location, url).href, by: 'redirect' }
  const refresh = /<meta http-equiv="refresh" content="0;url=([^"]*)">/.exec(html)?.[1]
  return refresh === undefined ? undefined : { url: new URL(refresh.replaceAll('&amp;', '&'), url).href, by: 'page' }
}
