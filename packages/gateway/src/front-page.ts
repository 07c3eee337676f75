import { createHash } from 'node:crypto'
import type { LocalizedText } from '@sspay/protocol'
import { offeredPaths, type ServicePath } from '@sspay/protocol/internal'
import { html, raw } from 'hono/html'
import type { Settings } from './context.ts'
import { createStyleSheet } from './design/style-sheet.ts'
import { probePaths } from './http/route-name.ts'
import { preferredLanguage, type Translate, translateTo } from './payment-window/language.ts'

/** What a sandbox shows to its developer on the front page; its test card also in the window. Nothing secret. */
export interface SandboxBanner {
  readonly merchantId: string
  readonly easyPayMerchantId: string
  /** Origin of the console for a browser that found the gateway under this host name. */
  consoleUrlAt(hostname: string): string
  /** A card that the simulated network approves. */
  readonly testCardNumber?: string
}

export interface FrontPageParts {
  readonly settings: Pick<Settings, 'isSandbox'>
  readonly sandboxBanner?: SandboxBanner | undefined
}

const addresses: readonly (Pick<ServicePath, 'method' | 'path'> & LocalizedText)[] = [
  ...Object.values(offeredPaths),
  { method: 'GET', path: probePaths.liveness, ko: '생존 확인', en: 'Liveness probe' },
  { method: 'GET', path: probePaths.readiness, ko: '준비 확인', en: 'Readiness probe' },
]

const title: LocalizedText = { ko: 'sspay 결제 서비스', en: 'sspay payment service' }

const purpose: LocalizedText = {
  ko: 'SS-Pay 결제창과 승인 API를 제공하는 서버입니다.',
  en: 'This server provides the SS-Pay payment window and the approval API.',
}

const css = createStyleSheet({
  rules: `
body { padding: 48px 20px; }
main { max-width: 720px; margin: 0 auto; }
code { word-break: normal; overflow-wrap: anywhere; }
main > p, main > .notice { margin-top: 12px; }
main > h2 { margin-top: 28px; }
.addresses { margin-top: 10px; }
.addresses > div { padding: 11px 0; border-top: 1px solid var(--line); }
.addresses dt { font-weight: 600; }
.addresses dd { margin: 2px 0 0; font-size: 15px; }
`,
})

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(css).digest('base64')}'`,
    'img-src data:',
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  vary: 'accept-language',
} as const

/** The page at `/` of the public listener: lists the endpoints for a shop's developer. */
export async function frontPage(request: Request, { settings, sandboxBanner }: FrontPageParts): Promise<Response> {
  const language = preferredLanguage(request)
  const t = translateTo(language)
  const page = await html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex"><title>${t(title)}</title><link rel="icon" href="data:,"><style>${raw(css)}</style></head>
<body><main class="card"><h1>${t(title)}</h1><p class="soft">${t(purpose)}</p>
${settings.isSandbox ? renderTestBanner(t, sandboxBanner, new URL(request.url).hostname) : ''}
<h2>${t({ ko: '주소', en: 'Addresses' })}</h2>
<dl class="addresses">${addresses.map(
    (address) =>
      html`<div><dt>${t(address)} <span class="badge">${address.method}</span></dt><dd><code>${address.path}</code></dd></div>`,
  )}</dl></main></body></html>`
  return new Response(page.toString(), { headers })
}

function renderTestBanner(t: Translate, sandboxBanner: SandboxBanner | undefined, hostname: string) {
  const isTest = t({
    ko: '테스트 서비스입니다. 실제로 결제되지 않습니다.',
    en: 'This is a test service. Nothing is really charged.',
  })
  if (sandboxBanner === undefined) return html`<p class="notice warning">${isTest}</p>`
  const { merchantId, easyPayMerchantId } = sandboxBanner
  return html`<p class="notice warning">${isTest} ${t({ ko: '테스트 가맹점', en: 'Test merchant' })}: Mid <code>${merchantId}</code>, SspMallId <code>${easyPayMerchantId}</code>. <a href="${sandboxBanner.consoleUrlAt(hostname)}/">${t({ ko: '콘솔 열기', en: 'Open the console' })}</a></p>`
}
