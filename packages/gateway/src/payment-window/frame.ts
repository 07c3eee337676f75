import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { PageName, ReturnChannel, WindowSession } from './model.ts'
import { windowCss } from './window-style.ts'

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

/** What each answer makes anew or the gateway hands in. */
export interface PageParts {
  readonly nonce: string
  readonly windowScript: string
  readonly isSandbox: boolean
  /** yyyyMMdd, Korean time. */
  readonly today: string
  readonly codeLifeMs: number
}

interface Document extends PageParts {
  readonly title: string
  readonly skin?: string | undefined
  readonly channel?: ReturnChannel | undefined
  readonly bodyClass?: string | undefined
  readonly body: Html
}

/** Style and script stand inside the page: the first page is one request, besides the keypad's picture. */
export function renderDocument({ title, skin, channel, bodyClass, body, nonce, windowScript }: Document): Html {
  const shopOrigin = channel?.by === 'message' ? channel.shopOrigin : ''
  return html`<!doctype html>
<html lang="ko" data-skin="${skin ?? 'RED'}" data-shop-origin="${shopOrigin}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="format-detection" content="telephone=no">
<title>${title}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${raw(windowCss)}</style>
</head>
<body class="${bodyClass ?? ''}">
${body}
<script nonce="${nonce}">${raw(windowScript)}</script>
</body>
</html>`
}

const lockMark: Html = html`<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4.5 7V5a3.5 3.5 0 0 1 7 0v2" fill="none" stroke="currentColor" stroke-width="1.8"/><rect x="2.5" y="7" width="11" height="7.5" rx="2" fill="currentColor"/></svg>`

/** 1,004원 */
export const wonText = (amount: number): string => `${amount.toLocaleString('en-US')}원`

const goodsText = ({ goodsName, goodsCount }: WindowSession['payment']['request']): string =>
  goodsCount > 1 ? `${goodsName} (${goodsCount}개)` : goodsName

const progress: Readonly<Record<PageName, string>> = {
  terms: 'w1',
  identity: 'w2',
  'identity-code': 'w3',
  card: 'w4',
  'pop-card': 'w4',
  'password-set': 'w5',
  'password-repeat': 'w5',
  password: 'w6',
  confirm: 'w6',
}

interface Step {
  readonly page: PageName
  readonly title: string
  readonly content: Html
}

/** A page that asks for something: what is paid stays in sight, and the way out comes last in the order of focus. */
export function renderStep(parts: PageParts, session: WindowSession, { page, title, content }: Step): Html {
  const { payment, merchant, facts } = session
  const notice = facts.problems?.['']
  return renderDocument({
    ...parts,
    title: `${title} - ${merchant.name} 결제`,
    skin: payment.request.skin,
    channel: facts.channel,
    bodyClass: page.startsWith('password') ? 'password' : '',
    body: html`<div class="window">
<header>
<div class="top">${lockMark}안전결제${parts.isSandbox ? html`<span class="badge warning">TEST</span>` : ''}</div>
<div class="summary"><div class="who"><span class="shop">${merchant.name}</span><span class="goods">${goodsText(payment.request)}</span></div>
<strong class="amount">${wonText(payment.amount)}</strong></div>
<div class="steps" aria-hidden="true"><span class="${progress[page]}"></span></div>
</header>
<main>
<div aria-live="assertive">${notice === undefined ? '' : html`<p class="notice danger" role="alert">${notice}</p>`}</div>
${content}
</main>
<footer>
<p class="safe">입력한 정보는 암호화되어 안전하게 처리됩니다.</p>
<form class="stop" method="post" data-step="abort"><button class="button quiet small-button" name="step" value="abort">결제 중단</button></form>
</footer>
</div>`,
  })
}
