import { type CookieJar, createCookieJar } from './cookie-jar.ts'
import { type HtmlForm, readForms } from './html-forms.ts'

const timeoutMs = 15_000
const maxRedirects = 5

export interface Page {
  readonly url: string
  readonly status: number
  readonly html: string
  readonly forms: readonly HtmlForm[]
  readonly cookies: CookieJar
}

export interface FormPost {
  readonly url: string
  /** application/x-www-form-urlencoded. */
  readonly body: string
  /** Origin of the page with the form. */
  readonly origin: string
  /** A new cookie jar by default. */
  readonly cookies?: CookieJar | undefined
}

/** Posts a form and follows redirects, as a browser without scripts. Rejects when the server does not answer. */
export const postForm = ({ url, body, origin, cookies = createCookieJar() }: FormPost): Promise<Page> =>
  visit(url, cookies, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin },
  })

export const openPage = (url: string, cookies: CookieJar = createCookieJar()): Promise<Page> => visit(url, cookies, {})

export async function openPicture(url: string, cookies: CookieJar = createCookieJar()): Promise<Uint8Array> {
  return new Uint8Array(await (await request(url, cookies, {})).arrayBuffer())
}

type Init = Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> }

async function visit(from: string, cookies: CookieJar, init: Init): Promise<Page> {
  let url = from
  let answer = await request(url, cookies, { ...init, headers: { accept: 'text/html', ...init.headers } })
  for (let redirects = 0; answer.status >= 300 && answer.status < 400; redirects++) {
    if (redirects === maxRedirects) throw new Error(`${from} redirects more than ${maxRedirects} times`)
    url = new URL(answer.headers.get('location') ?? '', url).href
    await answer.body?.cancel()
    answer = await request(url, cookies, { headers: { accept: 'text/html' } })
  }
  const html = await answer.text()
  return { url, status: answer.status, html, forms: readForms(html), cookies }
}

async function request(url: string, cookies: CookieJar, init: Init): Promise<Response> {
  const headers = { ...init.headers, ...cookies.headerFor(url) }
  const answer = await fetch(url, { ...init, headers, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
  cookies.keep(url, answer)
  return answer
}
