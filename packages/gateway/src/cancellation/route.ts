import { type CancelRequest, cancelRequest, describeProblem, type ResultReason, readMessage } from '@sspay/protocol'
import { signatureMatches, signCancelRequest } from '@sspay/protocol/signature'
import { jsonAnswer, refusal } from '../http/answer.ts'
import { readJsonOrForm } from '../http/read-body.ts'
import { createCallLimit } from '../http/work-limit.ts'
import type { Merchant } from '../merchants/model.ts'
import { type OpenedEnvelope, openEnvelope } from '../merchants/open-envelope.ts'
import { noteCall } from '../request-log/notes.ts'
import { cancel } from './cancel.ts'
import { checkCancelPassword } from './cancel-password.ts'
import { type CancelContext, taxPartsAddUp, wantedOf } from './model.ts'

/** cancel.do: the sealed envelope in, plain JSON out, always HTTP 200 (Q04). Refused as overloaded, nothing has begun. */
export function cancelRoute(gateway: CancelContext): (request: Request) => Promise<Response> {
  const limit = createCallLimit(gateway.settings.limits)
  return async (request) => {
    const body = await readJsonOrForm(request, gateway.settings.bodyLimitBytes)
    if (!body.ok) return refusal(body.reason)
    const opened = await openEnvelope(gateway, body.fields)
    if (opened === undefined) return refused(gateway, 'sealed_body_invalid')
    noteCall(request, { merchantId: opened.merchant.merchantId, sealed: opened.fields })
    const answer = await limit.run(opened.merchant.merchantId, () => answerCancel(gateway, opened))
    return answer ?? refused(gateway, 'overloaded', opened.merchant)
  }
}

async function answerCancel(gateway: CancelContext, { merchant, fields }: OpenedEnvelope): Promise<Response> {
  const read = readMessage(cancelRequest, fields)
  if (!read.ok) {
    const detail = read.problems.map((problem) => describeProblem(problem).ko).join(' ')
    return refused(gateway, 'field_invalid', merchant, detail)
  }
  const request = read.value
  const reason = await refusalOf(gateway, merchant, request)
  if (reason !== undefined) return refused(gateway, reason, merchant)
  return jsonAnswer(await cancel(gateway, wantedOf(request)))
}

async function refusalOf(
  gateway: CancelContext,
  merchant: Merchant,
  request: CancelRequest,
): Promise<ResultReason | undefined> {
  if (request.merchantId !== merchant.merchantId) return 'sealed_body_invalid'
  if (!isSigned(request, merchant)) return 'cancel_signature_wrong'
  const checked = await checkCancelPassword(gateway, merchant, request.cancelPassword)
  if (checked === 'locked') return 'cancel_password_locked'
  if (checked === 'wrong') return 'cancel_password_wrong'
  return taxPartsAddUp(request) ? undefined : 'cancel_amount_invalid'
}

function isSigned({ transactionId, cancelAmount, cancelScope, signature }: CancelRequest, merchant: Merchant): boolean {
  const signed = { transactionId, cancelAmount: String(cancelAmount), scope: cancelScope }
  return signatureMatches(signature, signCancelRequest(signed, merchant.merchantKey.expose()))
}

function refused({ log }: CancelContext, reason: ResultReason, merchant?: Merchant, detail?: string): Response {
  log.warn('cancellation_refused', { reason, merchantId: merchant?.merchantId })
  return refusal(reason, detail)
}
