import {
  type FieldProblem,
  type FieldTable,
  maskMessage,
  paymentRequest,
  resultCodes,
  type WireText,
} from '@sspay/protocol'
import { wireNameOf } from '@sspay/protocol/internal'
import { requestPayment } from '../approval/request-payment.ts'
import type { Context } from '../context.ts'
import type { Explanation } from '../diagnosis.ts'
import type { Form } from '../http/read-body.ts'
import { explainRejection } from '../merchants/explain-rejection.ts'
import { holdsMerchantKey } from '../request-log/describe-call.ts'
import { recordSecurityEvent } from '../security-events/record.ts'
import { createBinding, type OpeningSecrets } from './browser-binding.ts'
import type { Language } from './language.ts'
import type { ReturnChannel, WindowContext } from './model.ts'
import { type Rejected, readPaymentRequest } from './read-request.ts'
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

/** Stores the payment and starts its window; a rejection stores nothing and logs one line. */
export async function openWindow(
  context: WindowContext,
  form: Form,
  { pageOrigin, language }: Opener,
): Promise<OpenedWindow | Rejected> {
  const wantsMessage = asksForMessage(form.fields)
  const read = await readPaymentRequest(context, form, wantsMessage ? pageOrigin : undefined)
  if (!read.ok) {
    const explanation = isAboutSignature(read)
      ? await explainRejection(context, 'payment_request', form.fields)
      : read.explanation
    const rejected = { ...read, explanation }
    logRejection(context, { event: 'payment_request_rejected', table: paymentRequest, fields: form.fields }, rejected)
    return rejected
  }
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

const rulesOf = (problems: readonly FieldProblem[]): string =>
  problems.map(({ field, rule }) => `${field}:${rule}`).join(' ')

const signatureField = wireNameOf(paymentRequest, 'signature')

const isAboutSignature = ({ reason, problems }: Rejected): boolean =>
  reason === 'signature_wrong' || problems.some(({ field }) => field === signatureField)

/** The drop-in script adds this field to the form that it posts into its frame. */
export const asksForMessage = (fields: WireText): boolean => fields.SspReturn === 'message'

const longestLoggedValue = 60

interface RejectedForm {
  readonly event: 'payment_request_rejected' | 'bill_key_request_rejected'
  readonly table: FieldTable
  readonly fields: WireText
}

export function logRejection(
  { log }: Context,
  { event, table, fields }: RejectedForm,
  { reason, problems, explanation }: Rejected,
): void {
  const known = Object.fromEntries(Object.entries(fields).filter(([name]) => Object.hasOwn(table, name)))
  const shorten = (text: string): string => [...text].slice(0, longestLoggedValue).join('')
  const shown = Object.entries(maskMessage(table, known)).map(([name, text]) => [name, shorten(text)])
  log.warn(event, {
    reason,
    code: resultCodes[reason].code,
    problems: rulesOf(problems),
    fields: Object.fromEntries(shown),
    ...(explanation === undefined ? {} : explained(explanation)),
  })
}

/** Of a signature the names of the mistakes suffice, of a rule the limit counts. */
const explained = ({ joined, mistakes, words }: Explanation) =>
  joined === undefined ? words : { signatureMistakes: mistakes.join(' ') }
