import { koreanTimestamp } from '@sspay/protocol'
import { randomHex } from '../runtime.ts'
import { withPageSecret } from './browser-binding.ts'
import type { Html, PageParts } from './frame.ts'
import { type Language, preferredLanguage, translateTo } from './language.ts'
import type { ReturnChannel, WindowContext } from './model.ts'
import { canHavePasskeys } from './passkey-offer.ts'

interface Answer {
  readonly status?: number
  /** The window's; on a page without a window the one that the browser asks for. */
  readonly language?: Language
  /** Who may show the page in a frame. */
  readonly channel?: ReturnChannel | undefined
  /** Where its forms may go besides the gateway itself: the shop, on the pages that return there. */
  readonly formTargets?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
  /** In a window bound by page: goes into its forms. */
  readonly pageSecret?: string | undefined
}

export const privateHeaders = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

/** One page, with the headers that keep it alone, and compressed where the browser says it can. */
export async function answerPage(
  window: WindowContext,
  request: Request,
  render: (parts: PageParts) => Html,
  {
    status = 200,
    language = preferredLanguage(request),
    channel,
    formTargets = [],
    headers = {},
    pageSecret,
  }: Answer = {},
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
    allowsPasskeys: canHavePasskeys({ settings }, request),
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
      ...(frameAncestors === "'none'" ? { 'x-frame-options': 'DENY' } : {}),
      ...(pageSecret === undefined ? {} : pageReferrer),
      vary: 'accept-encoding',
      ...(isCompressed ? { 'content-encoding': 'gzip' } : {}),
      ...headers,
    },
  })
}

/** Lets forms of a window bound by page say that they come from our own page. Browsers take the last policy that they know. */
const pageReferrer = { 'referrer-policy': 'no-referrer, same-origin' } as const

/** Who may show a window in a frame, for its policy. */
export const frameAncestorsOf = (channel: ReturnChannel | undefined): string =>
  channel?.by === 'message' && isPlainOrigin(channel.shopOrigin) ? channel.shopOrigin : "'none'"

/** `unsafe-inline` is for browsers of 2014 that know no nonce (guide: Safari 7); every other one ignores it beside a nonce. */
function policyOf(nonce: string, frameAncestors: string, formTargets: readonly string[]): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'unsafe-inline'`,
    `style-src 'nonce-${nonce}' 'unsafe-inline'`,
    "img-src 'self' data:",
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    `frame-ancestors ${frameAncestors}`,
    "base-uri 'none'",
    // The script writes text and properties only, so nothing may ever turn a string into markup or code.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
}

function acceptsGzip(request: Request): boolean {
  const accepted = request.headers.get('accept-encoding') ?? ''
  return /(^|[\s,])gzip\s*(,|;(?!\s*q=0(\.0*)?\s*(,|$))|$)/i.test(accepted)
}

export const redirectTo = (location: string, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(null, { status: 303, headers: { ...privateHeaders, ...headers, location } })

/**
 * Whether the host is written as names and addresses are. The URL standard lets a host hold `;`, `,`, `'` and `*` too, each of which
 * means something in a Content-Security-Policy.
 */
export const isPlainOrigin = (origin: string): boolean => /^https?:\/\/[a-z0-9._:[\]-]+$/.test(origin)

/** The `Origin` of a page on the web, in the one spelling a policy or a message target needs. */
export function pageOriginOf(request: Request): string | undefined {
  const given = request.headers.get('origin') ?? ''
  if (!isPlainOrigin(given) || !URL.canParse(given)) return undefined
  const { origin } = new URL(given)
  return origin === given ? origin : undefined
}
