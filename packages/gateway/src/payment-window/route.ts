import { resultCodes } from '@sspay/protocol'
import { Hono } from 'hono'
import { isPlainForm, isSameOrigin } from '../browser-safety/same-origin.ts'
import { noPageHeaders } from '../http/answer.ts'
import type { Caller } from '../http/client-address.ts'
import { readBytes, readForm } from '../http/read-body.ts'
import { findKeypad } from '../keypad/create-keypad.ts'
import type { Keypad } from '../keypad/model.ts'
import { renderKeypadPicture } from '../keypad/picture.ts'
import { currentAddress } from '../logging/current-request.ts'
import { noteCall, noteExplanation } from '../request-log/notes.ts'
import { answerPage, privateHeaders, redirectTo } from './answer.ts'
import { admitBrowser } from './browser-binding.ts'
import { renderGonePage } from './ended-page.ts'
import { createPageCompressor } from './gzip-page.ts'
import { isLanguage, preferredLanguage } from './language.ts'
import { limitRequests } from './limit-requests.ts'
import { createWindowLimits } from './limits.ts'
import type { ReturnChannel, WindowContext } from './model.ts'
import { asksForMessage, openWindow } from './open-window.ts'
import { rejectOtherBrowser } from './other-browser.ts'
import type { Rejected, RequestRejection } from './read-request.ts'
import { renderRejectionPage } from './rejection-page.ts'
import { pageOriginOf } from './request-origin.ts'
import { findSession, hashesOfToken } from './session.ts'
import { showWindow } from './show-window.ts'
import { submitStep } from './submit.ts'
import { writeWindowCookie } from './window-cookie.ts'
import { windowCss } from './window-style.ts'

/** A page's own form is small. */
const stepLimitBytes = 8 * 1024

const pathOf = (token: string): string => `/ssp/window/${token}`

type WindowApp = Hono<{ Bindings: Caller }>

export function paymentWindowRoutes(parts: Omit<WindowContext, 'limits' | 'compressPage'>): WindowApp {
  const compressPage = createPageCompressor([windowCss, parts.windowScript])
  const window = { ...parts, compressPage, limits: createWindowLimits(parts) }
  const app: WindowApp = new Hono()
  app.all('/ssp/reqPay.do', ({ req }) => open(window, req.raw))
  app.use('/ssp/window/:token/*', limitRequests(window))
  app.get('/ssp/window/:token', ({ req }) => show(window, req.raw, req.param('token')))
  app.post('/ssp/window/:token', ({ req }) => submit(window, req.raw, req.param('token')))
  app.get('/ssp/window/:token/keypad/:file', ({ req }) => showKeypad(window, req.param('token'), req.param('file')))
  return app
}

async function open(window: WindowContext, request: Request): Promise<Response> {
  const address = currentAddress()
  const admitted = address === undefined ? undefined : window.limits.perAddress.take(address)
  if (admitted?.ok === false) {
    window.log.warn('window_rejected', { reason: 'overloaded', address })
    const rejected = { ok: false, reason: 'overloaded', problems: [], retryAfterMs: admitted.retryAfterMs } as const
    return reject(window, request, rejected, undefined)
  }
  const form = await readForm(request, window.settings.bodyLimitBytes)
  if (!form.ok) {
    window.log.warn('payment_request_rejected', { reason: form.reason, code: resultCodes[form.reason].code })
    return reject(window, request, { ok: false, reason: form.reason, problems: [] }, undefined)
  }
  const pageOrigin = pageOriginOf(request)
  const opened = await openWindow(window, form, { pageOrigin, language: preferredLanguage(request) })
  if (opened.ok) {
    noteCall(request, { transactionId: opened.transactionId })
    const cookie = { sessionHash: opened.sessionHash, secret: opened.secrets.cookie }
    return redirectTo(`${pathOf(opened.token)}?start=${opened.secrets.start}`, {
      'set-cookie': writeWindowCookie(window, request, cookie),
    })
  }
  noteCall(request, { problems: opened.problems })
  noteExplanation(request, opened.explanation)
  const isAllowed = opened.reason !== 'page_origin_not_allowed'
  const isFramed = asksForMessage(form.fields) && pageOrigin !== undefined && isAllowed
  return reject(window, request, opened, isFramed ? { by: 'message', shopOrigin: pageOrigin } : undefined)
}

/** The window is for people, so unlike the API it uses the status: nothing was stored. */
function reject(
  window: WindowContext,
  request: Request,
  rejected: Rejected,
  channel: ReturnChannel | undefined,
): Promise<Response> {
  const headers = {
    'x-sspay-result': resultCodes[rejected.reason].code,
    ...(rejected.retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(rejected.retryAfterMs / 1000)) }),
  }
  const answer = { status: statuses[rejected.reason] ?? 400, channel, headers }
  return answerPage(window, request, (parts) => renderRejectionPage(parts, rejected, channel), answer)
}

const statuses: Partial<Record<RequestRejection, number>> = { body_too_large: 413, overloaded: 503 }

/** Without a window there is nothing that could remember a language, so the page is in the one just chosen, if any. */
function gone(window: WindowContext, request: Request, form?: URLSearchParams): Promise<Response> {
  const chosen = form?.get('language') ?? null
  const language = isLanguage(chosen) ? chosen : preferredLanguage(request)
  return answerPage(window, request, renderGonePage, { status: 410, language })
}

async function show(window: WindowContext, request: Request, token: string): Promise<Response> {
  const found = await findSession(window, token)
  if (found === undefined) return gone(window, request)
  const session = await admitBrowser(window, request, found)
  return session === undefined ? rejectOtherBrowser(window, found) : showWindow(window, request, session)
}

/** Whatever was posted, the answer is the page of this moment: reload, back and a second tab are harmless. */
async function submit(window: WindowContext, request: Request, token: string): Promise<Response> {
  const body = await readBytes(request, stepLimitBytes)
  const found = await findSession(window, token)
  const form = new URLSearchParams(body.ok ? textOf(body.bytes) : '')
  if (found === undefined) return gone(window, request, form)
  const { transactionId, merchantId } = found.payment
  noteCall(request, { transactionId, merchantId })
  const session = await admitBrowser(window, request, found, form)
  if (session === undefined) return rejectOtherBrowser(window, found)
  if (body.ok && isSameOrigin(request) && isPlainForm(request))
    noteCall(request, { step: await submitStep(window, session, form) })
  return session.pageSecret === undefined
    ? redirectTo(pathOf(token))
    : showNext(window, request, token, session.pageSecret)
}

/** Bound by page, a redirect would lose the secret, so the next page is the answer. */
async function showNext(window: WindowContext, request: Request, token: string, pageSecret: string): Promise<Response> {
  const session = await findSession(window, token)
  return session === undefined ? gone(window, request) : showWindow(window, request, { ...session, pageSecret })
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

async function findKeypadOf(window: WindowContext, keypadId: string, token: string): Promise<Keypad | undefined> {
  for (const sessionHash of hashesOfToken(window, token)) {
    const keypad = await findKeypad(window, keypadId, sessionHash)
    if (keypad !== undefined) return keypad
  }
  return undefined
}

/**
 * The picture's own name is 128 random bits that only pages of the window's browser hold. It asks for no cookie: there may be none, and the
 * secret of a page stays out of addresses.
 */
async function showKeypad(window: WindowContext, token: string, file: string): Promise<Response> {
  const keypadId = /^([0-9a-f]{32})\.png$/.exec(file)?.[1]
  const keypad = keypadId && (await findKeypadOf(window, keypadId, token))
  if (!keypad) return new Response(null, { status: 404, headers: privateHeaders })
  return new Response(new Uint8Array(renderKeypadPicture(keypad.layout)), {
    headers: {
      ...noPageHeaders,
      ...privateHeaders,
      // All pictures have one length, as long as nobody on the way packs them again.
      'cache-control': 'no-store, no-transform',
      'content-type': 'image/png',
    },
  })
}
