import type { LocalizedText } from '@sspay/protocol'
import { html, raw } from 'hono/html'
import { createStyleSheet } from './style-sheet.ts'

const css = createStyleSheet({
  rules: `
body { padding: 48px 20px; }
main { max-width: 420px; margin: 0 auto; }
`,
})

/** To pages of every origin, also those with `Cross-Origin-Embedder-Policy: require-corp`. */
export const embeddable = { 'cross-origin-resource-policy': 'cross-origin' } as const

/** By the policy's `frame-ancestors`. A page with an embedder policy frames only pages that have one too. */
export const framingHeaders = (frameAncestors: string): Readonly<Record<string, string>> =>
  frameAncestors === "'none'"
    ? { 'x-frame-options': 'DENY' }
    : { ...embeddable, 'cross-origin-embedder-policy': 'require-corp' }

interface MessageContent {
  /** Cause and cure for the developer of the shop, folded. */
  readonly hint?: LocalizedText
  /** Leads to the same address again, by GET; needs no script. */
  readonly offersRetry?: boolean
}

interface MessageOptions extends MessageContent {
  /** CSP `frame-ancestors`: `'none'`, an origin, or `*`, safe here: a click has no effect, nothing is private. */
  readonly frameAncestors?: string
  readonly headers?: Readonly<Record<string, string>>
}

export const messageHeaders = (frameAncestors: string) => ({
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors ${frameAncestors}`,
  'x-content-type-options': 'nosniff',
  ...framingHeaders(frameAncestors),
})

export const messageHtml = ({ ko, en }: LocalizedText, { hint, offersRetry = false }: MessageContent = {}): string =>
  String(html`<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex"><title>${ko}</title><link rel="icon" href="data:,"><style>${raw(css)}</style></head>
<body><main class="card"><h1>${ko}</h1><p class="soft" lang="en">${en}</p>${
    offersRetry
      ? html`<p class="actions"><a class="button block" href="">다시 시도하기 <span lang="en">· Try again</span></a></p>`
      : ''
  }${
    hint === undefined
      ? ''
      : html`<details class="small"><summary>개발자 정보 <span lang="en">For developers</span></summary><p>${hint.ko}</p><p lang="en">${hint.en}</p></details>`
  }</main></body></html>`)

/** A page with one message: not found, an error. */
export const messagePage = (
  status: 403 | 404 | 421 | 500 | 503,
  message: LocalizedText,
  { frameAncestors = "'none'", headers = {}, ...content }: MessageOptions = {},
): Response =>
  new Response(messageHtml(message, content), { status, headers: { ...messageHeaders(frameAncestors), ...headers } })

/** What a buyer reads when too many use the payment window. Nothing has happened to the payment. */
export const busyTexts = {
  /** The window was not opened. */
  opening: {
    ko: '지금은 이용하는 분이 많아요. 결제된 금액은 없으니 잠시 뒤 쇼핑몰에서 다시 시작해 주세요.',
    en: 'It is very busy right now. Nothing was charged. Please start again in the shop in a moment.',
  },
  /** An open window goes on at the same address. */
  step: {
    ko: '지금은 이용하는 분이 많아요. 진행하던 결제는 그대로 있으니 잠시 뒤 다시 시도해 주세요.',
    en: 'It is very busy right now. Your payment is still as you left it: please try again in a moment.',
  },
} as const satisfies Readonly<Record<string, LocalizedText>>
