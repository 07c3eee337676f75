import { signatureMatches } from '@sspay/protocol/signature'
import { parse, serialize } from 'hono/utils/cookie'
import { isProvablySameOrigin } from '../browser-safety/same-origin.ts'
import { cameEncrypted } from '../http/client-address.ts'
import type { Runtime } from '../runtime.ts'
import type { BrowserBinding, WindowContext, WindowSession } from './model.ts'
import { withoutStaleProof } from './proofs.ts'
import { sessionLifeMs, updateState } from './session.ts'

/*
 * Binds a window to the browser that opened it (decision 0056).
 *
 * Problem: session fixation. An attacker opens a window, sends its address to a member, and reads the approval ticket
 * after the member has entered the password. A third-party frame may keep no cookie.
 *
 * Technique: the opening answer carries a secret cookie and a single-use start secret in its redirect. The first
 * request decides in one compare-and-set: bound by cookie, or, for a browser without cookies, by a secret in the hidden
 * field of every form. All other browsers are rejected.
 */

/** Secrets that only the answer which opens the window carries. */
export interface OpeningSecrets {
  readonly cookie: string
  /** Part of the address that the answer redirects to; works once. */
  readonly start: string
}

/** 256 random bits, kept short because a browser sends the cookies of all its windows. */
const newSecret = (runtime: Runtime): string => Buffer.from(runtime.randomBytes(32)).toString('base64url')

type Keys = Pick<WindowContext, 'keyRing'>

const fingerprintOf = ({ keyRing }: Keys, secret: string): string => keyRing.fingerprint(secret, 'window-browser')

const isSecretOf = (keys: Keys, secret: string | null | undefined, fingerprint: string | undefined): boolean =>
  fingerprint !== undefined && signatureMatches(fingerprintOf(keys, secret ?? ''), fingerprint)

export function createBinding(window: WindowContext): {
  readonly browser: BrowserBinding
  readonly secrets: OpeningSecrets
} {
  const secrets = { cookie: newSecret(window.runtime), start: newSecret(window.runtime) }
  const secret = fingerprintOf(window, secrets.cookie)
  return { browser: { by: 'cookie', secret, start: fingerprintOf(window, secrets.start) }, secrets }
}

/** The session for the browser that owns the window; undefined for every other browser. */
export async function admitBrowser(
  window: WindowContext,
  request: Request,
  session: WindowSession,
  form?: URLSearchParams,
): Promise<WindowSession | undefined> {
  const { browser } = session.state
  if (browser === undefined) return session
  if (browser.by === 'page') {
    const pageSecret = form?.get(pageSecretField) ?? undefined
    // The secret alone could be shared: its owner can put the form into a page of another site.
    const isHolder = isProvablySameOrigin(request) && isSecretOf(window, pageSecret, browser.secret)
    return isHolder ? { ...session, pageSecret } : undefined
  }
  if (isSecretOf(window, readWindowCookie(window, request, session.sessionHash), browser.secret))
    return browser.start === undefined ? session : bind(window, session, { by: 'cookie', secret: browser.secret })

  // GET only: link scanners send HEAD before the buyer opens the address.
  const start = request.method === 'GET' ? new URL(request.url).searchParams.get('start') : null
  if (!isSecretOf(window, start, browser.start)) return undefined
  const pageSecret = newSecret(window.runtime)
  const bound = await bind(window, session, { by: 'page', secret: fingerprintOf(window, pageSecret) })
  return bound && { ...bound, pageSecret }
}

/** Compare-and-set: one of two concurrent requests uses up the start secret. */
async function bind(
  window: WindowContext,
  session: WindowSession,
  binding: BrowserBinding,
): Promise<WindowSession | undefined> {
  const state = await updateState(window, session.sessionHash, ({ browser }) =>
    browser?.by === 'cookie' && browser.start !== undefined ? { browser: binding } : {},
  )
  const isBound = state.browser?.by === binding.by && state.browser.secret === binding.secret
  return isBound ? { ...session, state: withoutStaleProof(state, session.member) } : undefined
}

/** Hidden field of a window that is bound by page. */
const pageSecretField = 'pageSecret'

/** Adds the secret to each form that posts back to the window. A form with an action posts to the shop. */
export const withPageSecret = (page: string, secret: string): string =>
  page.replace(
    /<form\b(?![^>]*\saction=)[^>]*>/g,
    (tag) => `${tag}<input type="hidden" name="${pageSecretField}" value="${secret}">`,
  )

/** One name per window, so that several tabs do not overwrite each other. `__Host-`: no other host may set it. */
const cookieName = (sessionHash: string, isSecure: boolean): string =>
  `${isSecure ? '__Host-' : ''}sspay-window-${sessionHash.slice(0, 8)}`

const isSecureFor = ({ settings }: Pick<WindowContext, 'settings'>, request: Request): boolean =>
  cameEncrypted(request, settings.limits.proxyHops)

/**
 * The `Set-Cookie` header of a window. In a frame on a shop's page it is a third-party cookie: `SameSite=None` sends it
 * there, and `Partitioned` (CHIPS) keeps it where browsers block other third-party cookies. Plain HTTP allows neither.
 */
export function writeWindowCookie(
  window: WindowContext,
  request: Request,
  { sessionHash, secret }: { readonly sessionHash: string; readonly secret: string },
): string {
  const isSecure = isSecureFor(window, request)
  return serialize(cookieName(sessionHash, isSecure), secret, {
    path: '/',
    httpOnly: true,
    maxAge: sessionLifeMs(window.settings) / 1000,
    ...(isSecure ? { secure: true, sameSite: 'None', partitioned: true } : { sameSite: 'Lax' }),
  })
}

function readWindowCookie(window: WindowContext, request: Request, sessionHash: string): string | undefined {
  const name = cookieName(sessionHash, isSecureFor(window, request))
  return parse(request.headers.get('cookie') ?? '', name)[name]
}
