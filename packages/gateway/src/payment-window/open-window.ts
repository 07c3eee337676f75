import { type FieldProblem, paymentRequest, type WireText } from '@sspay/protocol'
import { wireNameOf } from '@sspay/protocol/internal'
import { requestPayment } from '../approval/request-payment.ts'
import type { Form } from '../http/read-body.ts'
import { holdsMerchantKey } from '../request-log/describe-call.ts'
import { recordSecurityEvent } from '../security-events/record.ts'
import { createBinding, type OpeningSecrets } from './browser-binding.ts'
import type { Language } from './language.ts'
import type { ReturnChannel, WindowContext } from './model.ts'
import { type Rejected, readPaymentRequest } from './read-request.ts'
import { type RejectedForm, rejectOpening, rulesOf } from './reject-opening.ts'
import { type StartedSession, startSession } from './session.ts'

export interface OpenedWindow extends StartedSession {
  readonly ok: true
  readonly transactionId: string
  readonly secrets: OpeningSecrets
  readonly ignored: readonly FieldProblem[]
}

export interface Opener {
  /** Origin of the page that posted the form, if the browser sends it. */
  readonly pageOrigin: string | undefined
  readonly language: Language
}

const rejectedForm: RejectedForm = {
  name: 'payment_request',
  event: 'payment_request_rejected',
  table: paymentRequest,
  signature: wireNameOf(paymentRequest, 'signature'),
}

/** Stores the payment and starts its window; a rejection stores nothing and logs one line. */
export async function openWindow(
  context: WindowContext,
  form: Form,
  { pageOrigin, language }: Opener,
): Promise<OpenedWindow | Rejected> {
  const wantsMessage = asksForMessage(form.fields)
  const read = await readPaymentRequest(context, form, wantsMessage ? pageOrigin : undefined)
  if (!read.ok) return rejectOpening(context, rejectedForm, form.fields, read)
  const { request, merchant, ignored } = read
  const admitted = context.limits.openings.take(request)
  if (!admitted.ok) {
    context.log.warn('window_rejected', { reason: 'overloaded', merchantId: merchant.merchantId })
    return { ok: false, reason: 'overloaded', problems: [], retryAfterMs: admitted.retryAfterMs }
  }
  if (holdsMerchantKey(form.fields))
    recordSecurityEvent(context, { name: 'merchant_key_leaked', merchantId: merchant.merchantId })
  const { transactionId } = await requestPayment(context, { request, merchant })
  if (ignored.length > 0) {
    const problems = rulesOf(ignored)
    context.log.warn('payment_request_fields_ignored', { merchantId: merchant.merchantId, transactionId, problems })
  }
  const channel = channelOf(wantsMessage, pageOrigin, request.returnUrl)
  const { browser, secrets } = createBinding(context)
  const started = await startSession(context, { transactionId, state: { channel, language, browser } })
  if (started === undefined) throw new Error(`payment ${transactionId} has a window already`)
  return { ok: true, ...started, transactionId, secrets, ignored }
}

/** Without the origin of the page, which only old browsers do not send, the result goes to that of the ReturnUrl. */
function channelOf(
  wantsMessage: boolean,
  pageOrigin: string | undefined,
  returnUrl: string | undefined,
): ReturnChannel {
  const shopOrigin = pageOrigin ?? (returnUrl === undefined ? undefined : new URL(returnUrl).origin)
  return wantsMessage && shopOrigin !== undefined ? { by: 'message', shopOrigin } : { by: 'post' }
}

/** The drop-in script adds this field to the form that it posts into its frame. */
export const asksForMessage = (fields: WireText): boolean => fields.SspReturn === 'message'
