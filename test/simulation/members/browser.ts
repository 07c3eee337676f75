import { createCookieJar } from '../../../packages/sandbox/src/buyer/cookie-jar.ts'
import { type HtmlForm, readForms } from '../../../packages/sandbox/src/buyer/html-forms.ts'
import { readPage } from '../../../packages/sandbox/src/html-page.ts'

export interface Page {
  readonly url: string
  readonly status: number
  readonly html: string
  readonly forms: readonly HtmlForm[]
}

export interface Visit {
  readonly url: string
  /** Fields of the posted form; without it a GET. */
  readonly form?: Readonly<Record<string, string>>
  /** Origin of the page with the link or form; without it the address was typed. */
  readonly from?: string
  readonly accept?: string
  /** Does not follow the redirect; the caller reads where it leads. */
  readonly staysBehind?: boolean
}

/** One browser of one person: cookies, redirects and pages that go on by themselves; no scripts. */
export interface Browser {
  visit(visit: Visit): Promise<Page>
}

export interface BrowserOptions {
  /** The sites of this Internet. */
  fetch(request: Request): Promise<Response>
  /** Each page that is shown, as a person or a program of theirs can read it, and what they had typed for it. */
  onPage(page: Page, typed: readonly string[]): void
  /** Origin of the gateway, whose cookies are sent from other sites too. */
  readonly gateway: string
}

const mostRedirects = 6

type Site = 'none' | 'same-origin' | 'cross-site'

export function openBrowser({ fetch, onPage, gateway }: BrowserOptions): Browser {
  const jar = createCookieJar()

  const ask = async ({ url, form, from, accept = 'text/html' }: Visit, site: Site): Promise<Response> => {
    const isKeptBack = site === 'cross-site' && form !== undefined && new URL(url).origin !== gateway
    const request = new Request(url, {
      headers: {
        accept,
        'accept-language': 'en',
        'sec-fetch-site': site,
        'sec-fetch-mode': 'navigate',
        ...(form === undefined || from === undefined ? {} : { origin: from }),
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        ...(isKeptBack ? {} : jar.headerFor(url)),
      },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form).toString() }),
    })
    const answer = await fetch(request)
    jar.keep(url, answer)
    return answer
  }

  return {
    async visit(given) {
      let site = siteOf(given)
      let visit = given
      for (let redirects = 0; redirects < mostRedirects; redirects++) {
        const answer = await ask(visit, site)
        const { status } = answer
        const location = answer.headers.get('location')
        if (status === 303 && location !== null) {
          if (given.staysBehind) return { url: new URL(location, visit.url).href, status, html: '', forms: [] }
          visit = { url: new URL(location, visit.url).href }
          continue
        }
        const html = withoutStyle(await answer.text())
        const { inside } = readPage(html)
        const goesOn = inside.find(({ attributes }) => attributes['http-equiv'] === 'refresh')?.attributes.content
        if (goesOn === undefined) {
          const page = { url: visit.url, status, html, forms: readForms(html) }
          onPage(page, Object.values(given.form ?? {}))
          return page
        }
        visit = { url: new URL(goesOn.replace('0;url=', ''), visit.url).href }
        site = 'same-origin'
      }
      throw new Error(`${given.url} redirects without end`)
    },
  }
}

function siteOf({ url, from }: Visit): Site {
  if (from === undefined) return 'none'
  return new URL(url).origin === from ? 'same-origin' : 'cross-site'
}

const withoutStyle = (html: string): string => html.replace(/<style\b[\s\S]*?<\/style>/, '')
