import { koreanTimestamp } from '@sspay/protocol'
import { embeddable, framingHeaders } from '../design/message-page.ts'
import { randomHex } from '../runtime.ts'
import { withPageSecret } from './browser-binding.ts'
import type { Html, PageParts } from './frame.ts'
import { type Language, preferredLanguage, translateTo } from './language.ts'
import type { ReturnChannel, WindowContext } from './model.ts'
import { canHavePasskeys } from './passkey-offer.ts'

interface Answer {
  readonly status?: number
  /** Language of the window; a page without a window uses the browser's. */
  readonly language?: Language
  /** Decides which page may frame this one. */
  readonly channel?: ReturnChannel | undefined
  /** `form-action` besides the gateway itself. */
  readonly formTargets?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
  /** Hidden field of the forms, in a window bound by page. */
  readonly pageSecret?: string | undefined
}

export const privateHeaders = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

/** A page with its security headers, compressed where the browser accepts gzip. */
export async function answerPage(
  window: WindowContext,
  request: Request,
  render: (parts: PageParts) => Html,
  { status = 200, language = preferredLanguage(request), channel, formTargets = [], headers, pageSecret }: Answer,
): Promise<Response> {
  const { runtime, settings, windowScript } = window
  const nonce = randomHex(runtime, 16)
  const now = runtime.now()
  const rendered = await render({
    nonce,
    windowScript,
    language,
    t: translateTo(language),
    isSandbox: settings.isSandbox,
    isFramed: channel?.by === 'message',
    testCardNumber: window.sandboxBanner?.testCardNumber,
    service: settings.service,
    consoleUrl: window.sandboxBanner?.consoleUrlAt(new URL(request.url).hostname),
    allowsPasskeys: canHavePasskeys(window, request),
    now,
    today: koreanTimestamp(now).slice(0, 8),
    codeLifeMs: settings.identityCodeLifeMs,
  })
  const page = pageSecret === undefined ? rendered.toString() : withPageSecret(rendered.toString(), pageSecret)
  const isCompressed = acceptsGzip(request)
  const frameAncestors = frameAncestorsOf(channel)
  return new Response(isCompressed ? window.compressPage(page) : page, {
    status,
    headers: {
      ...privateHeaders,
      'content-type': 'text/html; charset=utf-8',
      'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
      'content-security-policy': policyOf(nonce, frameAncestors, formTargets),
      ...framingHeaders(frameAncestors),
      ...(pageSecret === undefined ? {} : pageReferrer),
      vary: 'accept-encoding',
      ...(isCompressed ? { 'content-encoding': 'gzip' } : {}),
      ...headers,
    },
  })
}

/** Forms of a window without a cookie (bound by page) must send `Origin`. Browsers use the last policy they know. */
const pageReferrer = { 'referrer-policy': 'no-referrer, same-origin' } as const

/** For the policy: who may frame a window. */
const frameAncestorsOf = (channel: ReturnChannel | undefined): string =>
  channel?.by === 'message' && isPlainOrigin(channel.shopOrigin) ? channel.shopOrigin : "'none'"

/** `unsafe-inline` is for browsers without nonces (guide: Safari 7); all others ignore it beside a nonce. */
function policyOf(nonce: string, frameAncestors: string, formTargets: readonly string[]): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'unsafe-inline'`,
    `style-src 'nonce-${nonce}' 'unsafe-inline'`,
    "img-src 'self' data:",
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    `frame-ancestors ${frameAncestors}`,
    "base-uri 'none'",
    // Our script sets text and properties, never HTML, so it needs no Trusted Types policy.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
}

function acceptsGzip(request: Request): boolean {
  const accepted = request.headers.get('accept-encoding') ?? ''
  return /(^|[\s,])gzip\s*(,|;(?!\s*q=0(\.0*)?\s*(,|$))|$)/i.test(accepted)
}

export const redirectTo = (location: string, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(null, { status: 303, headers: { ...privateHeaders, ...embeddable, ...headers, location } })

/** The URL standard allows `;`, `,`, `'` and `*` in a host, and each has a meaning in a Content-Security-Policy. */
export const isPlainOrigin = (origin: string): boolean => /^https?:\/\/[a-z0-9._:[\]-]+$/.test(origin)

/** The `Origin` header, if it is in the canonical form that a policy or a message target needs. */
export function pageOriginOf(request: Request): string | undefined {
  const given = request.headers.get('origin') ?? ''
  if (!isPlainOrigin(given) || !URL.canParse(given)) return undefined
  const { origin } = new URL(given)
  return origin === given ? origin : undefined
}
