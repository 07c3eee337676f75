import type { Words } from '@sspay/protocol'
import { html, raw } from 'hono/html'
import { createStyleSheet } from './design.ts'

const css = createStyleSheet({
  rules: `
body { padding: 48px 20px; }
main { max-width: 420px; margin: 0 auto; }
`,
})

interface SentenceOptions {
  /** Pages that may show it in a frame: none, or any, since it has nothing to click and nothing private. */
  readonly frameAncestors?: "'none'" | '*'
  readonly headers?: Readonly<Record<string, string>>
}

/** A page that says one thing to a person and leads nowhere: an address that is none, a failure, too many requests. */
export async function sentencePage(
  status: 404 | 500 | 503,
  { ko, en }: Words,
  { frameAncestors = "'none'", headers = {} }: SentenceOptions = {},
): Promise<Response> {
  const page = await html`<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex"><title>${ko}</title><link rel="icon" href="data:,"><style>${raw(css)}</style></head>
<body><main class="card"><h1>${ko}</h1><p class="soft" lang="en">${en}</p></main></body></html>`
  return new Response(page.toString(), {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors ${frameAncestors}`,
      'x-content-type-options': 'nosniff',
      ...headers,
    },
  })
}
