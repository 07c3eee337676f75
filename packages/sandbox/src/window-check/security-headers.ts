import { type Difference, difference, type FetchedPage } from './model.ts'

type Rule = readonly [expected: string, isRight: (value: string) => boolean]

const exactly = (expected: string): Rule => [expected, (value) => value.toLowerCase() === expected]

const oneYearSeconds = 31_536_000
const longHsts: Rule = [
  `max-age=${oneYearSeconds}`,
  (value) => Number(/(?:^|;)\s*max-age\s*=\s*"?(\d+)/i.exec(value)?.[1] ?? 0) >= oneYearSeconds,
]

const isLocal = (hostname: string): boolean => /(^|\.)localhost$/.test(hostname) || /^[\d.]+$|^\[/.test(hostname)

/** Browsers apply HSTS to public host names only. */
const rulesOfTransport = (url: string): Readonly<Record<string, Rule>> => {
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' && !isLocal(hostname) ? { 'strict-transport-security': longHsts } : {}
}

const rulesOfPage: Readonly<Record<string, Rule>> = {
  'content-type': exactly('text/html; charset=utf-8'),
  'cache-control': exactly('no-store'),
  // `origin` on the page that returns to the shop.
  'referrer-policy': ['no-referrer | origin', (value) => /^(no-referrer|origin)$/i.test(value)],
  'x-content-type-options': exactly('nosniff'),
  'permissions-policy': exactly('camera=(), geolocation=(), microphone=(), payment=(), usb=()'),
}

const embeddable: Readonly<Record<string, Rule>> = { 'cross-origin-resource-policy': exactly('cross-origin') }

/** A shop's page with an embedder policy frames only pages that have one too; without a frame nothing is to embed. */
const rulesOfFraming = (frameAncestors: string | undefined): Readonly<Record<string, Rule>> =>
  frameAncestors === "'none'"
    ? { 'x-frame-options': exactly('deny') }
    : { ...embeddable, 'cross-origin-embedder-policy': exactly('require-corp') }

/** A window that a shop opened as a popup keeps its opener. Browsers take a missing header as `unsafe-none`. */
const openerPolicy = 'cross-origin-opener-policy'

const rulesOfScript: Readonly<Record<string, Rule>> = {
  ...embeddable,
  'content-type': exactly('text/javascript; charset=utf-8'),
  'x-content-type-options': exactly('nosniff'),
}

const noncePattern = /'nonce-([A-Za-z0-9+/_=-]{22,})'/

export const nonceOf = ({ headers }: FetchedPage): string | undefined =>
  noncePattern.exec(headers.get('content-security-policy') ?? '')?.[1]

/** `framedBy`: the origin that may frame the page; if unknown, any single origin or none. */
function rulesOfPolicy(framedBy: string | undefined): Readonly<Record<string, Rule>> {
  const framed: Rule =
    framedBy === undefined
      ? ["'none' | https://…", (value) => value === "'none'" || /^https?:\/\/[^\s*]+$/.test(value)]
      : exactly(framedBy)
  const own: Rule = ["'self' …", (value) => /^'self'( https?:(\/\/[^\s*]+)?)*$/.test(value)]
  return {
    'default-src': exactly("'none'"),
    'script-src': exactly("'nonce-…' 'unsafe-inline'"),
    'style-src': exactly("'nonce-…' 'unsafe-inline'"),
    'img-src': exactly("'self' data:"),
    'form-action': framedBy === undefined ? own : exactly("'self'"),
    'frame-ancestors': framed,
    'base-uri': exactly("'none'"),
    'require-trusted-types-for': exactly("'script'"),
    'trusted-types': exactly("'none'"),
  }
}

/** Checks the headers and the content security policy of a page. */
export function comparePageHeaders(page: FetchedPage, framedBy: string | undefined): readonly Difference[] {
  const policy = page.headers.get('content-security-policy') ?? ''
  const nonce = nonceOf(page)
  const hidden = nonce === undefined ? policy : policy.replaceAll(nonce, '…')
  const directives = new Map<string, string>()
  for (const part of hidden.split(';')) {
    const [name = '', ...sources] = part.trim().split(/\s+/)
    // Of a repeated directive, browsers apply the first.
    if (name !== '' && !directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), sources.join(' '))
  }
  const wanted = rulesOfPolicy(framedBy)
  const others = [...directives.keys()].filter((name) => !Object.hasOwn(wanted, name))
  return [
    ...compare(
      { ...rulesOfPage, ...rulesOfTransport(page.url), ...rulesOfFraming(directives.get('frame-ancestors')) },
      (name) => page.headers.get(name) ?? undefined,
    ),
    ...compare({ [openerPolicy]: exactly('unsafe-none') }, (name) => page.headers.get(name) ?? 'unsafe-none'),
    ...compare(wanted, (name) => directives.get(name)).map((one) => ({
      ...one,
      subject: `content-security-policy ${one.subject}`,
    })),
    ...others.map((name) => differs(`content-security-policy ${name}`, '', directives.get(name))),
  ]
}

export const compareScriptHeaders = ({ url, headers }: FetchedPage): readonly Difference[] =>
  compare({ ...rulesOfScript, ...rulesOfTransport(url) }, (name) => headers.get(name) ?? undefined)

const compare = (
  rules: Readonly<Record<string, Rule>>,
  headerNamed: (name: string) => string | undefined,
): readonly Difference[] =>
  Object.entries(rules).flatMap(([name, [expected, isRight]]) => {
    const value = headerNamed(name)
    return value !== undefined && isRight(value) ? [] : [differs(name, expected, value)]
  })

const differs = (subject: string, expected: string, found: string | undefined): Difference =>
  difference('header_differs', subject, { expected, ...(found === undefined ? {} : { found }) })
