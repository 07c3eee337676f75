import { html } from 'hono/html'
import { jsonHeaders } from '../http/answer.ts'
import { type ConsoleLink, consolePage, type SafeHtml } from './frame.ts'

/** A row of a `<dl>`; nothing without a value. */
export const fact = (label: string, value: SafeHtml | string | undefined): SafeHtml =>
  value === undefined || value === '' ? html`` : html`<div><dt>${label}</dt><dd>${value}</dd></div>`

export const code = (text: string | undefined): SafeHtml | undefined =>
  text === undefined ? undefined : html`<span class="code">${text}</span>`

/** Enough to see whether two payments are of one member. */
export const memberMark = (memberId: string | undefined): SafeHtml | undefined =>
  memberId === undefined ? undefined : html`<span class="code" title="${memberId}">${memberId.slice(0, 8)}…</span>`

interface Pager {
  /** Address of the first page, on all the others. */
  readonly first?: string | undefined
  readonly older: string | undefined
  readonly olderText: string
}

export const pager = ({ first, older, olderText }: Pager): SafeHtml =>
  html`<nav class="pager" aria-label="쪽">${first === undefined ? html`<span></span>` : html`<a class="button secondary small-button" href="${first}">처음으로</a>`}${
    older === undefined ? '' : html`<a class="button secondary small-button" href="${older}">${olderText}</a>`
  }</nav>`

/** Asks the store for one more entry than a page shows, to know whether there are older ones. */
export function pageOf<Entry>(found: readonly Entry[], size: number, addressAfter: (last: Entry) => string) {
  const shown = found.slice(0, size)
  const last = found.length > size ? shown.at(-1) : undefined
  return { shown, older: last && addressAfter(last) }
}

interface MessagePage {
  readonly status: 400 | 404 | 500
  readonly title: string
  readonly heading: string
  readonly text: string
  readonly links: readonly ConsoleLink[]
  /** The tab that the button leads to. */
  readonly back?: { readonly href: string; readonly ko: string }
  /** The tab that is open; by default the one of `back`. */
  readonly active?: string
}

/** One sentence and a way back, for errors and for actions that were rejected. */
export const messagePage = ({
  heading,
  text,
  back = { href: '/', ko: '결제 목록' },
  active = back.href,
  ...page
}: MessagePage): Promise<Response> =>
  consolePage({
    ...page,
    active,
    body: html`<section class="card empty"><h1>${heading}</h1><p class="soft">${text}</p><div class="actions"><a class="button small-button" href="${back.href}">${back.ko}</a></div></section>`,
  })

/** `limit` of an address: 50 by default, at most 500. */
export const readLimit = (text = ''): number => Math.min(Number(/^[1-9][0-9]{0,3}$/.exec(text)?.[0] ?? 50), 500)

export const jsonAnswer = (status: number, content: unknown): Response =>
  new Response(JSON.stringify(content), { status, headers: jsonHeaders })
