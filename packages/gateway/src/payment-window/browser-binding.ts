import { signatureMatches } from '@sspay/protocol/signature'
import { isProvablySameOrigin } from '../browser-safety/same-origin.ts'
import type { Runtime } from '../runtime.ts'
import type { BrowserBinding, WindowContext, WindowSession } from './model.ts'
import { pageSecretField } from './page-secret.ts'
import { recordFacts } from './session.ts'
import { readWindowCookie } from './window-cookie.ts'

/** What the answer that opens a window gives to the browser, and nobody else. */
export interface OpeningSecrets {
  readonly cookie: string
  /** Stands in the address that the answer redirects to, and works once. */
  readonly start: string
}

/** 256 random bits. Short, because a browser sends the cookies of all its windows. */
const newSecret = (runtime: Runtime): string => Buffer.from(runtime.randomBytes(32)).toString('base64url')

type Keys = Pick<WindowContext, 'keyRing'>

const fingerprintOf = ({ keyRing }: Keys, secret: string): string => keyRing.fingerprint(secret, 'window-browser')

const isSecretOf = (keys: Keys, secret: string | null | undefined, fingerprint: string | undefined): boolean =>
  fingerprint !== undefined && signatureMatches(fingerprintOf(keys, secret ?? ''), fingerprint)

/** For a window that opens. */
export function createBinding(window: WindowContext): {
  readonly browser: BrowserBinding
  readonly secrets: OpeningSecrets
} {
  const secrets = { cookie: newSecret(window.runtime), start: newSecret(window.runtime) }
  const secret = fingerprintOf(window, secrets.cookie)
  return { browser: { by: 'cookie', secret, start: fingerprintOf(window, secrets.start) }, secrets }
}

/**
 * The session, for the browser that its window belongs to; undefined for every other one (session fixation: whoever opens a window and
 * sends its address to somebody else must not share it). The first request decides which browser that is: the one with the cookie, or the
 * one that has the start secret and no cookie, because its frame keeps none.
 */
export async function admitBrowser(
  window: WindowContext,
  request: Request,
  session: WindowSession,
  form?: URLSearchParams,
): Promise<WindowSession | undefined> {
  const { browser } = session.facts
  if (browser === undefined) return session
  if (browser.by === 'page') {
    const pageSecret = form?.get(pageSecretField) ?? undefined
    // Who is bound by page can put the form into a page of theirs, and share the window with whoever opens that.
    const isHolder = isProvablySameOrigin(request) && isSecretOf(window, pageSecret, browser.secret)
    return isHolder ? { ...session, pageSecret } : undefined
  }
  if (isSecretOf(window, readWindowCookie(window, request, session.sessionHash), browser.secret))
    return browser.start === undefined ? session : bind(window, session, { by: 'cookie', secret: browser.secret })

  // Not by HEAD, with which programs look at a link before a person does.
  const start = request.method === 'GET' ? new URL(request.url).searchParams.get('start') : null
  if (!isSecretOf(window, start, browser.start)) return undefined
  const pageSecret = newSecret(window.runtime)
  const bound = await bind(window, session, { by: 'page', secret: fingerprintOf(window, pageSecret) })
  return bound && { ...bound, pageSecret }
}

/** Compare-and-set: the start secret is used up by one request, whichever of two comes first. */
async function bind(
  window: WindowContext,
  session: WindowSession,
  binding: BrowserBinding,
): Promise<WindowSession | undefined> {
  const facts = await recordFacts(window, session.sessionHash, ({ browser }) =>
    browser?.by === 'cookie' && browser.start !== undefined ? { browser: binding } : {},
  )
  const isBound = facts.browser?.by === binding.by && facts.browser.secret === binding.secret
  return isBound ? { ...session, facts } : undefined
}
