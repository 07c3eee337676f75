import { resultCodes } from '@sspay/protocol'
import { type NotOfferedRoute, notOfferedPaths, offeredPaths } from '@sspay/protocol/internal'
import { Hono, type MiddlewareHandler } from 'hono'
import { countRejection } from '../admission/rejections.ts'
import { isPlainForm, isSameOrigin } from '../browser-safety/same-origin.ts'
import { busyTexts, messagePage } from '../design/message-page.ts'
import { noPageHeaders } from '../http/answer.ts'
import type { Caller } from '../http/client-address.ts'
import { readBytes, readForm, readSubmittedForm } from '../http/read-body.ts'
import { findKeypad } from '../keypad/create-keypad.ts'
import { renderKeypadPicture } from '../keypad/picture.ts'
import { currentAddress } from '../logging/current-request.ts'
import { countEachSecond } from '../logging/log.ts'
import { noteCall, noteExplanation } from '../request-log/notes.ts'
import { answerPage, pageOriginOf, privateHeaders, redirectTo } from './answer.ts'
import { admitBrowser, writeWindowCookie } from './browser-binding.ts'
import { renderGonePage, renderOtherBrowserPage } from './endings.ts'
import { createPageCompressor } from './gzip-page.ts'
import { isLanguage, type Language, preferredLanguage } from './language.ts'
import { createWindowLimits } from './limits.ts'
import type { ReturnChannel, WindowContext, WindowSession } from './model.ts'
import { openRegistration } from './open-registration.ts'
import { asksForMessage, openWindow } from './open-window.ts'
import type { Rejected, RequestRejection } from './read-request.ts'
import { renderRejectionPage } from './rejection-page.ts'
import { findSession, hashesOfToken, isToken, recordWindowEvent } from './session.ts'
import { showWindow } from './show-window.ts'
import { submitStep } from './submit.ts'
import { windowCss } from './window-style.ts'

/** Limit of a step's form. */
const stepLimitBytes = 8 * 1024

const pathOf = (token: string): string => `/ssp/window/${token}`

type WindowApp = Hono<{ Bindings: Caller }>

export function paymentWindowRoutes(parts: Omit<WindowContext, 'limits' | 'compressPage'>): WindowApp {
  const compressPage = createPageCompressor([windowCss, parts.windowScript])
  const window = { ...parts, compressPage, limits: createWindowLimits(parts) }
  const app: WindowApp = new Hono()
  app.all(offeredPaths.window.path, ({ req }) => open(window, req.raw, openWindow))
  app.all(offeredPaths['bill-key-window'].path, ({ req }) => open(window, req.raw, openRegistration))
  for (const [name, { path, answer }] of Object.entries(notOfferedPaths))
    if (answer === 'window') app.all(path, ({ req }) => rejectService(window, req.raw, name as NotOfferedRoute))
  app.use('/ssp/window/:token/*', limitRequests(window))
  app.get('/ssp/window/:token', ({ req }) => show(window, req.raw, req.param('token')))
  app.post('/ssp/window/:token', ({ req }) => submit(window, req.raw, req.param('token')))
  app.get('/ssp/window/:token/keypad/:file', ({ req }) => showKeypad(window, req.param('token'), req.param('file')))
  return app
}

/**
 * Rate limit of an open window's addresses, before the database is read: by client address and by window. One answer
 * for pages, pictures and steps, without the window's language and shop: those would cost the reads that the limit
 * saves.
 */
function limitRequests({ limits, runtime, log }: WindowContext): MiddlewareHandler<{ Bindings: Caller }> {
  const logRejected = countEachSecond(runtime, log, 'window_requests_rejected', { reason: 'overloaded' })
  return async ({ req }, next) => {
    const token = req.param('token') ?? ''
    const address = currentAddress()
    const byAddress = address === undefined ? undefined : limits.requestsPerAddress.take(address)
    // Only a well-formed token may occupy the memory of the limit.
    const byWindow = byAddress?.ok === false || !isToken(token) ? undefined : limits.requestsPerWindow.take(token)
    const rejected = [byAddress, byWindow].find((admitted) => admitted?.ok === false)
    if (rejected?.ok !== false) return next()
    logRejected({ address })
    return messagePage(503, busyTexts.step, {
      frameAncestors: '*',
      offersRetry: true,
      headers: { ...rejectionHeaders('overloaded', rejected.retryAfterMs), 'referrer-policy': 'no-referrer' },
    })
  }
}

async function open(
  window: WindowContext,
  request: Request,
  openForm: typeof openWindow | typeof openRegistration,
): Promise<Response> {
  const isRegistration = openForm === openRegistration
  const address = currentAddress()
  const admitted = address === undefined ? undefined : window.limits.openingsPerAddress.take(address)
  if (admitted?.ok === false) {
    window.log.warn('window_rejected', { reason: 'overloaded', address })
    const { retryAfterMs } = admitted
    return reject(window, request, { reason: 'overloaded', problems: [], retryAfterMs }, { isRegistration })
  }
  const form = await readSubmittedForm(request, window.settings.bodyLimitBytes)
  if (!form.ok) {
    const { reason, explanation } = form
    window.log.warn('payment_request_rejected', { reason, code: resultCodes[reason].code, ...explanation?.words })
    noteExplanation(request, explanation)
    return reject(window, request, { reason, explanation, problems: [] }, { isRegistration })
  }
  const pageOrigin = pageOriginOf(request)
  const opened = await openForm(window, form, { pageOrigin, language: preferredLanguage(request) })
  if (opened.ok) {
    noteCall(request, { transactionId: opened.transactionId, ignored: opened.ignored })
    const cookie = { sessionHash: opened.sessionHash, secret: opened.secrets.cookie }
    return redirectTo(`${pathOf(opened.token)}?start=${opened.secrets.start}`, {
      'set-cookie': writeWindowCookie(window, request, cookie),
    })
  }
  noteCall(request, { problems: opened.problems })
  noteExplanation(request, opened.explanation)
  const isAllowed = opened.reason !== 'page_origin_not_allowed'
  const isFramed = asksForMessage(form.fields) && pageOrigin !== undefined && isAllowed
  const channel = isFramed && !isRegistration ? ({ by: 'message', shopOrigin: pageOrigin } as const) : undefined
  return reject(window, request, opened, { channel, isRegistration })
}

/** Another window of the real service, which shops open with the same script (Q65). */
async function rejectService(window: WindowContext, request: Request, name: NotOfferedRoute): Promise<Response> {
  noteCall(request, { service: name })
  const form = await readForm(request, window.settings.bodyLimitBytes)
  const pageOrigin = pageOriginOf(request)
  const isFramed = form.ok && asksForMessage(form.fields) && pageOrigin !== undefined
  const rejected = { reason: 'service_not_offered', problems: [], service: notOfferedPaths[name] } as const
  return reject(window, request, rejected, isFramed ? { channel: { by: 'message', shopOrigin: pageOrigin } } : {})
}

interface RejectedOpening {
  readonly channel?: ReturnChannel | undefined
  readonly isRegistration?: boolean
}

/** A window is for people, so unlike the API it answers with an HTTP status. */
function reject(
  window: WindowContext,
  request: Request,
  rejected: Omit<Rejected, 'ok'>,
  { channel, isRegistration = false }: RejectedOpening,
): Promise<Response> {
  const { reason, retryAfterMs } = rejected
  const answer = { status: statuses[reason] ?? 400, channel, headers: rejectionHeaders(reason, retryAfterMs) }
  // A page that no shop of ours has listed is not offered as the shop.
  const pageOrigin = reason === 'page_origin_not_allowed' ? undefined : pageOriginOf(request)
  const opener = { channel, pageOrigin, isRegistration }
  return answerPage(window, request, (parts) => renderRejectionPage(parts, rejected, opener), answer)
}

const statuses: Partial<Record<RequestRejection, number>> = { body_too_large: 413, overloaded: 503 }

const rejectionHeaders = (reason: RequestRejection, retryAfterMs: number | undefined) => ({
  'x-sspay-result': resultCodes[reason].code,
  ...(retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
})

/** No session remembers a language, so the page is in the one just chosen, if any. */
function gone(window: WindowContext, request: Request, form?: URLSearchParams): Promise<Response> {
  return answerPage(window, request, renderGonePage, { status: 410, language: languageOf(request, form) })
}

function languageOf(request: Request, form: URLSearchParams | undefined): Language {
  const chosen = form?.get('language') ?? null
  return isLanguage(chosen) ? chosen : preferredLanguage(request)
}

async function show(window: WindowContext, request: Request, token: string): Promise<Response> {
  const found = await findSession(window, token)
  if (found === undefined) return gone(window, request)
  const session = await admitBrowser(window, request, found)
  return session === undefined ? rejectOtherBrowser(window, request, found) : showWindow(window, request, session)
}

/** Post/redirect/get: always leads to the current page, so that reload, back and a second tab are harmless. */
async function submit(window: WindowContext, request: Request, token: string): Promise<Response> {
  const body = await readBytes(request, stepLimitBytes)
  const found = await findSession(window, token)
  const form = new URLSearchParams(body.ok ? new TextDecoder().decode(body.bytes) : '')
  if (found === undefined) return gone(window, request, form)
  const { transactionId, merchantId } = found.payment
  noteCall(request, { transactionId, merchantId })
  const session = await admitBrowser(window, request, found, form)
  if (session === undefined) return rejectOtherBrowser(window, request, found, form)
  const isOwn = body.ok && isSameOrigin(request) && isPlainForm(request)
  const step = isOwn ? await submitStep({ window, session, form }) : undefined
  if (step !== undefined) noteCall(request, { step })
  const { pageSecret } = session
  const typed = step?.outcome === 'rejected' ? typedIn(form) : undefined
  return pageSecret === undefined && typed === undefined
    ? redirectTo(pathOf(token))
    : showNext(window, request, token, { pageSecret, typed })
}

/** Fields that a page shows again after an error, by step. No password, no code. */
const kept: Readonly<Record<string, readonly string[]>> = {
  identity: ['name', 'birthDate', 'genderDigit', 'carrier', 'phone'],
  card: ['cardNumber', 'expiry', 'ownerBirthDate', 'businessNumber'],
}

/** Undefined for a form of another step. */
function typedIn(form: URLSearchParams): Readonly<Record<string, string>> | undefined {
  const step = form.get('step') ?? ''
  const names = Object.hasOwn(kept, step) ? kept[step] : undefined
  return names && Object.fromEntries(names.map((name) => [name, form.get(name) ?? '']))
}

/**
 * The answer is the next page itself: bound by page, a redirect would lose the secret, and after an error it would lose
 * what the buyer has typed, of which a card number must not be stored.
 */
async function showNext(
  window: WindowContext,
  request: Request,
  token: string,
  shown: Pick<WindowSession, 'pageSecret' | 'typed'>,
): Promise<Response> {
  const session = await findSession(window, token)
  return session === undefined ? gone(window, request) : showWindow(window, request, { ...session, ...shown })
}

/** Needs no cookie: the name is 128 random bits that only pages of the window's browser hold. */
async function showKeypad(window: WindowContext, token: string, file: string): Promise<Response> {
  const keypadId = /^([0-9a-f]{32})\.png$/.exec(file)?.[1] ?? ''
  for (const sessionHash of keypadId === '' ? [] : hashesOfToken(window, token)) {
    const keypad = await findKeypad(window, keypadId, sessionHash)
    if (keypad === undefined) continue
    return new Response(new Uint8Array(renderKeypadPicture(keypad.layout)), {
      headers: {
        ...noPageHeaders,
        ...privateHeaders,
        // All pictures have one length, unless a proxy compresses them again.
        'cache-control': 'no-store, no-transform',
        'content-type': 'image/png',
      },
    })
  }
  return new Response(null, { status: 404, headers: privateHeaders })
}

/** Shows nothing of the payment and changes nothing. */
function rejectOtherBrowser(
  window: WindowContext,
  request: Request,
  session: WindowSession,
  form?: URLSearchParams,
): Promise<Response> {
  countRejection('window-request', 'other_browser')
  recordWindowEvent(window, session, 'window_opened_elsewhere')
  const { channel } = session.state
  const answer = { status: 403, channel, language: languageOf(request, form) }
  return answerPage(window, request, (parts) => renderOtherBrowserPage(parts, channel), answer)
}
