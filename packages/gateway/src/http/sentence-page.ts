import type { LocalizedText } from '@sspay/protocol'
import { html, raw } from 'hono/html'
import { createStyleSheet } from './design.ts'

const css = createStyleSheet({
  rules: `
body { padding: 48px 20px; }
main { max-width: 420px; margin: 0 auto; }
`,
})

interface SentenceOptions {
  /** Pages that may show it in a frame: `'none'`, an origin, or `*`, since it has nothing to click and nothing private. */
  readonly frameAncestors?: string
  readonly headers?: Readonly<Record<string, string>>
}

export const sentenceHeaders = (frameAncestors: string) => ({
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors ${frameAncestors}`,
  'x-content-type-options': 'nosniff',
})

/** No value of it is awaited, so that it is a text at once. */
export const sentenceHtml = ({ ko, en }: LocalizedText): string =>
  String(html`<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex"><title>${ko}</title><link rel="icon" href="data:,"><style>${raw(css)}</style></head>
<body><main class="card"><h1>${ko}</h1><p class="soft" lang="en">${en}</p></main></body></html>`)

/** A page that says one thing to a person and leads nowhere: an address that is none, a failure, a window of another browser. */
export const sentencePage = (
  status: 403 | 404 | 421 | 500 | 503,
  words: LocalizedText,
  { frameAncestors = "'none'", headers = {} }: SentenceOptions = {},
): Response =>
  new Response(sentenceHtml(words), { status, headers: { ...sentenceHeaders(frameAncestors), ...headers } })
