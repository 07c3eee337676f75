import { createHash } from 'node:crypto'
import type { LocalizedText } from '@sspay/protocol'
import { html, raw } from 'hono/html'
import { liveScript } from './live-script.ts'
import { consoleCssWith } from './style.ts'

export type SafeHtml = ReturnType<typeof html>

/** A tab of the console. */
export interface ConsoleLink extends LocalizedText {
  readonly href: string
  /** The shop to order in, offered while there is no payment yet. */
  readonly isShop?: boolean
}

export interface ConsolePage {
  readonly title: string
  /** The address of the open tab. */
  readonly active: string
  readonly body: SafeHtml
  /** Tabs beside the console's own. */
  readonly links: readonly ConsoleLink[]
  /** Refreshes the content every few seconds without a reload; `atTop`: only while the page is not scrolled. */
  readonly isLive?: boolean | 'atTop'
  /** An inline script for this page only; allowed by its hash. */
  readonly script?: string
  /** Additional style for this page only. */
  readonly css?: string
  readonly status?: 200 | 400 | 403 | 404 | 500
}

const sha256 = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

const ownLinks: readonly ConsoleLink[] = [
  { href: '/', ko: '결제', en: 'Payments' },
  { href: '/bill-keys', ko: '빌링키', en: 'Bill keys' },
  { href: '/notifications', ko: '재통보', en: 'Notifications to shops' },
  { href: '/requests', ko: '요청 로그', en: 'Requests' },
]

const mark = html`<svg viewBox="0 0 26 26" aria-hidden="true"><rect width="26" height="26" rx="7" fill="#3b6fe8"/><path d="M7 9.500h12M7 13.500h12M7 17.500h7" stroke="#fff" stroke-width="2" stroke-linecap="round"/></svg>`

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 26 26'%3E%3Crect width='26' height='26' rx='7' fill='%233b6fe8'/%3E%3Cpath d='M7 9.500h12M7 13.500h12M7 17.500h7' stroke='%23fff' stroke-width='2' stroke-linecap='round'/%3E%3C/svg%3E"

/**
 * A page of the console with its security headers: a Content-Security-Policy that allows styles and scripts only by
 * their hash. `body` becomes the content of `<main>`.
 */
export async function consolePage(page: ConsolePage): Promise<Response> {
  const { title, body, isLive = false, status = 200 } = page
  const style = consoleCssWith(page.css)
  const scripts = [...(isLive === false ? [] : [liveScript]), ...(page.script === undefined ? [] : [page.script])]
  const document = html`<!doctype html>
<html lang="ko">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} · sspay 콘솔</title>
<link rel="icon" href="${icon}">
<style>${raw(style)}</style>
</head>
<body>
<header class="topbar"><div class="wide">
<a class="wordmark" href="/" aria-label="sspay 콘솔">${mark}<span>sspay <small>콘솔</small></span></a>
<nav class="tabs" aria-label="메뉴">${ownLinks.map((link) => tab(link, page.active))}</nav>
${page.links.length === 0 ? '' : html`<nav class="tabs tools" aria-label="도구">${page.links.map((link) => tab(link, page.active))}</nav>`}
</div></header>
<main class="wide"${isLive === false ? '' : html` data-live="${isLive === 'atTop' ? 'at-top' : ''}"`}>${body}</main>
<footer class="colophon wide">시각은 한국 시각입니다. 개인정보는 가려서 보여 줍니다.</footer>
${scripts.map((script) => html`<script>${raw(script)}</script>`)}
</body>
</html>`
  return new Response(String(await document), { status, headers: headersOf(style, scripts) })
}

const tab = ({ href, ko, en }: ConsoleLink, active: string): SafeHtml =>
  html`<a href="${href}" title="${en}"${href === active ? html` aria-current="page"` : ''}>${ko}</a>`

const headersOf = (style: string, scripts: readonly string[]): Record<string, string> => ({
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': [
    "default-src 'none'",
    `style-src ${sha256(style)}`,
    `script-src ${scripts.length === 0 ? "'none'" : scripts.map(sha256).join(' ')}`,
    `connect-src ${scripts.includes(liveScript) ? "'self'" : "'none'"}`,
    'img-src data:',
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
})
