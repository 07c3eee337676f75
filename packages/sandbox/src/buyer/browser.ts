import { type HtmlForm, readForms } from './html-forms.ts'

const timeoutMs = 15_000
const mostRedirects = 5

export interface Page {
  readonly url: string
  readonly status: number
  readonly html: string
  readonly forms: readonly HtmlForm[]
}

export interface FormPost {
  readonly url: string
  /** application/x-www-form-urlencoded, percent-encoded already. */
  readonly body: string
  /** The page the form stands on. */
  readonly origin: string
}

/** A browser without pictures or scripts: posts a form, follows redirects, reads the page. Rejects when nobody answers. */
export async function postForm({ url, body, origin }: FormPost): Promise<Page> {
  const answer = await request(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin, accept: 'text/html' },
  })
  return followTo(url, answer)
}

export async function openPicture(url: string): Promise<Uint8Array> {
  return new Uint8Array(await (await request(url, {})).arrayBuffer())
}

async function followTo(from: string, first: Response): Promise<Page> {
  let url = from
  let answer = first
  for (let redirects = 0; answer.status >= 300 && answer.status < 400; redirects++) {
    if (redirects === mostRedirects) throw new Error(`${from} redirects without end`)
    url = new URL(answer.headers.get('location') ?? '', url).href
    await answer.body?.cancel()
    answer = await request(url, { headers: { accept: 'text/html' } })
  }
  const html = await answer.text()
  return { url, status: answer.status, html, forms: readForms(html) }
}

const request = (url: string, init: RequestInit): Promise<Response> =>
  fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
