import { createHash } from 'node:crypto'
import { escapeHtml } from './escape-html.ts'

/** The state in the address is closed and short-lived, but nobody else needs it either. */
const privateHeaders = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

const css = `body{margin:0;font:16px/1.6 system-ui,sans-serif;text-align:center}
main{max-width:26em;margin:20vh auto 0;padding:0 1.5em}
a{display:inline-block;padding:.8em 1.6em;border:1px solid;border-radius:.6em;color:inherit;text-decoration:none}`

const cssHash = createHash('sha256').update(css).digest('base64')

/** Turns a post into a GET of `location`, which is relative to the address that was posted to. */
export const redirectBack = (location: string): Response =>
  new Response(null, { status: 303, headers: { ...privateHeaders, location } })

/**
 * A page that goes on to `location` by itself, without script. The next request then comes from the shop's own site, and even
 * cookies with `SameSite=Strict` are sent with it.
 */
export function goOnPage(location: string): Response {
  const target = escapeHtml(location)
  const page = `<!doctype html>
<html lang="ko">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="0;url=${target}">
<title>결제 확인</title>
<link rel="icon" href="data:,">
<style>${css}</style>
</head>
<body><main>
<p role="status">결제를 확인하고 있습니다.<br><span lang="en">Checking your payment.</span></p>
<p><a href="${target}">계속 <span lang="en">Continue</span></a></p>
</main></body>
</html>`
  return new Response(page, {
    headers: {
      ...privateHeaders,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; img-src data:; style-src 'sha256-${cssHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`,
    },
  })
}
