import { createHash } from 'node:crypto'
import { html, raw } from 'hono/html'
import { shopCss } from './style.ts'

/** Markup whose values are escaped already. */
export type SafeHtml = ReturnType<typeof html>
export { html, raw }

export interface ShopPage {
  readonly title: string
  readonly body: SafeHtml
  /** Inline script, allowed by its hash. */
  readonly script?: string
  /** The drop-in script of the window, loaded from the gateway. */
  readonly dropInUrl?: string
  /** Origin of the gateway, to which the page may post its form. */
  readonly gatewayOrigin?: string
  readonly status?: 200 | 400 | 403 | 404 | 422 | 500
}

const sha256 = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

const cssHash = sha256(shopCss)

const mark =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="9" fill="#1c2148"/><path d="M21 6.500a10 10 0 1 0 4.500 15A11.500 11.500 0 0 1 21 6.500z" fill="#f6d77f"/><circle cx="24" cy="10" r="1.200" fill="#fff"/></svg>'

/** A page with its security headers. Styles and scripts are constant, so the policy allows them by hash. */
export async function shopPage(page: ShopPage): Promise<Response> {
  const { title, body, script, dropInUrl, status = 200 } = page
  const document = html`<!doctype html>
<html lang="ko">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · 달빛 상점</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(mark)}">
<style>${raw(shopCss)}</style>
${dropInUrl === undefined ? '' : html`<script src="${dropInUrl}"></script>`}
</head>
<body>
<header class="masthead"><p class="practice">연습용 상점이에요. 실제 돈은 오가지 않아요.</p><div class="wide">
<a class="brand" href="/">${raw(mark)}<span>달빛 상점</span></a>
<nav class="menu" aria-label="메뉴"><a href="/orders">내 주문</a><a href="/membership">멤버십</a></nav>
</div></header>
<main>${body}</main>
<footer class="colophon"><div class="wide"><span>달빛 상점 · sspay 샌드박스의 데모</span><a href="/guide-sample">가이드 샘플 페이지</a></div></footer>
${script === undefined ? '' : html`<script>${raw(script)}</script>`}
</body>
</html>`
  return new Response(String(await document), { status, headers: headersOf(page) })
}

function headersOf({ script, gatewayOrigin }: ShopPage): Record<string, string> {
  const own = script === undefined ? '' : ` ${sha256(script)}`
  const gateway = gatewayOrigin === undefined ? '' : ` ${gatewayOrigin}`
  const scripts = `${own}${gateway}` === '' ? " 'none'" : `${own}${gateway}`
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': [
      "default-src 'none'",
      `style-src ${cssHash}`,
      `script-src${scripts}`,
      'img-src data:',
      `frame-src${gateway === '' ? " 'none'" : gateway}`,
      `form-action 'self'${gateway}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ].join('; '),
    'x-content-type-options': 'nosniff',
    // The gateway posts the layer's result to the origin of the opening page, so the request must carry it.
    'referrer-policy': 'strict-origin-when-cross-origin',
  }
}

export type Tone = 'success' | 'danger' | 'warning' | 'info'

const strokes: Readonly<Record<Tone, SafeHtml>> = {
  success: html`<path d="M9 18l6 6 11-13"/>`,
  danger: html`<path d="M10 10l14 14M24 10L10 24"/>`,
  warning: html`<path d="M17 8v12M17 26v.01"/>`,
  info: html`<circle cx="17" cy="17" r="11"/><path d="M17 10v8l5 3"/>`,
}

export const verdict = (tone: Tone, title: string, sentence: string): SafeHtml => html`<div class="verdict">
<span class="seal ${tone}"><svg viewBox="0 0 34 34" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${strokes[tone]}</svg></span>
<h1>${title}</h1><p class="soft">${sentence}</p></div>`

export const notFoundPage = (): Promise<Response> =>
  problemPage(404, '찾는 화면이 없어요', '주소가 바뀌었거나 다른 분의 주문일 수 있어요.')

export const problemPage = (status: 400 | 403 | 404 | 500, title: string, sentence: string): Promise<Response> =>
  shopPage({
    status,
    title,
    body: html`<div class="column">${verdict('warning', title, sentence)}<div class="actions"><a class="button block" href="/">상점으로</a></div></div>`,
  })
