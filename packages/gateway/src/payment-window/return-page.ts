import {
  abortResult,
  authenticationReturn,
  type FieldTable,
  type LocalizedText,
  type ResultReason,
  resultCodes,
} from '@sspay/protocol'
import { callbackResult, echoedRequest } from '@sspay/protocol/internal'
import { html } from 'hono/html'
import type { HandOver } from '../request-log/model.ts'
import { isPlainOrigin } from './answer.ts'
import {
  abortedEnding,
  authenticatedEnding,
  type Ending,
  expiredEnding,
  renderEnding,
  renderWayOut,
} from './endings.ts'
import type { Html, PageParts } from './frame.ts'
import type { WindowSession } from './model.ts'

/** How the result of a window reaches the shop. */
export interface WayBack {
  readonly kind: HandOver['kind']
  /** Undefined where the shop named none: then a page around the window takes the message (Q60). */
  readonly action: string | undefined
  readonly fields: Readonly<Record<string, string>>
  readonly ending: Ending
  /** Sent by the script at once; otherwise the buyer reads the page first. */
  readonly isAutomatic: boolean
  /** For the drop-in script. Its names are the guide's, because the shop's callback receives them. */
  readonly message: Readonly<Record<string, unknown>>
  readonly approvalTicket?: string
}

/** Every name of the table, in its order. Missing values are empty, because shops read all names. */
const allFields = (table: FieldTable, values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(table).map(([wireName, { name, format }]) => {
      const value = values[name]
      return [wireName, value === undefined ? '' : format.write(value)]
    }),
  )

export function authenticatedWayBack({ payment }: WindowSession, approvalTicket: string): WayBack {
  const { transactionId, request } = payment
  const { code, ko } = resultCodes.authenticated
  const result = { transactionId, approvalTicket, resultCode: code, resultMessage: ko }
  const requestCopy = Buffer.from(JSON.stringify(allFields(echoedRequest, request))).toString('base64')
  const fields = allFields(authenticationReturn, { ...request, ...result, requestCopy })
  const message = { type: 'sspay:authenticated', ...allFields(callbackResult, result) }
  const back = { kind: 'return', ending: authenticatedEnding, isAutomatic: true } as const
  return { ...back, action: request.returnUrl, fields, message, approvalTicket }
}

/** Guide, 결제 중단 시 결과 파라미터: twelve fields. An abort returns at once; an expired window is read first. */
export function abortedWayBack(
  { payment, merchant }: WindowSession,
  reason: Extract<ResultReason, 'buyer_aborted' | 'window_expired'>,
): WayBack {
  const { request } = payment
  const { code, ko } = resultCodes[reason]
  const action = request.abortUrl
  const isAutomatic = reason === 'buyer_aborted'
  const resultCode = isAutomatic ? merchant.abortCode : code
  const fields = allFields(abortResult, { ...request, resultCode, resultMessage: ko })
  const ending = isAutomatic ? abortedEnding : expiredEnding
  const message = { type: 'sspay:aborted', action, acceptCharset: request.answerCharset ?? 'utf-8', fields }
  return { kind: 'abort', action, fields, ending, isAutomatic, message }
}

/**
 * A form to the shop, in the charset it asked for. In a frame, the page around it gets a message instead, addressed to
 * the exact origin, and removes the window; the form remains for when that page is gone, does not answer, or no script
 * runs.
 */
export function renderReturn(parts: PageParts, session: WindowSession, back: WayBack): Html {
  const { payment, state } = session
  const { channel } = state
  const { answerCharset, skin } = payment.request
  const { ending, message, isAutomatic, approvalTicket } = back
  const { action } = back
  const form = (sent: SentBy): Html => {
    if (action !== undefined) return renderReturnForm(parts, { ...back, action }, answerCharset, sent)
    return sent === 'severed' ? html`` : renderWayOut(parts, channel)
  }
  const byMessage = (shopOrigin: string): Html =>
    html`${
      isAutomatic
        ? html`<div data-return="message" data-transaction-id="${payment.transactionId}" data-approval-ticket="${approvalTicket ?? ''}" data-target-origin="${shopOrigin}" data-message="${JSON.stringify(message)}"></div>`
        : renderWayOut(parts, channel, { message })
    }
${form('severed')}`
  const content = channel.by === 'message' ? byMessage(channel.shopOrigin) : form(isAutomatic ? 'post' : 'later')
  return renderEnding(parts, ending, content, { skin, channel })
}

/** By the script at once, by its button, or by its button when the page around the window does not answer. */
type SentBy = 'post' | 'later' | 'severed'

const ifNothingHappens: LocalizedText = {
  ko: '화면이 넘어가지 않으면 아래 버튼을 눌러 주세요.',
  en: 'If nothing happens, press the button below.',
}

/** `accept-charset` sets the encoding, whatever that of the page; the target leaves a frame. */
const renderReturnForm = (
  { t }: PageParts,
  { action, fields }: WayBack & { readonly action: string },
  answerCharset: string | undefined,
  sent: SentBy,
): Html =>
  html`<form method="post" action="${action}" accept-charset="${answerCharset ?? 'utf-8'}" data-return="${sent}"${sent === 'severed' ? html` target="_top"` : ''}>
${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
${sent === 'later' ? '' : html`<p class="hint">${t(ifNothingHappens)}</p>`}<div class="actions"><button class="button block">${t({ ko: '쇼핑몰로 돌아가기', en: 'Back to the shop' })}</button></div></form>`

/**
 * `form-action` of the page's policy. Browsers apply it to the shop's own redirects too, so besides the shop's address
 * every https one is allowed, and every http one for a shop on http.
 */
export function formTargetsOf(action: string | undefined): readonly string[] {
  if (action === undefined) return []
  const { origin, protocol } = new URL(action)
  const own = isPlainOrigin(origin) ? [origin] : []
  return protocol === 'http:' ? [...own, 'http:', 'https:'] : [...own, 'https:']
}
