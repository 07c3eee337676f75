import {
  type CancelRequest,
  cancelRequest,
  describeProblem,
  type ResultReason,
  readMessage,
  sealedEnvelope,
  type WireText,
} from '@sspay/protocol'
import { signatureMatches, signCancelRequest } from '@sspay/protocol/signature'
import { partsAddUp } from '../approval/model.ts'
import { jsonAnswer, rejection } from '../http/answer.ts'
import { readJsonOrForm } from '../http/read-body.ts'
import { explainEncryptedRequest } from '../merchants/explain-rejection.ts'
import { acceptedKeys } from '../merchants/keys.ts'
import type { Merchant } from '../merchants/model.ts'
import { type OpenedEnvelope, openEnvelope } from '../merchants/open-envelope.ts'
import { noteCall, noteExplanation } from '../request-log/notes.ts'
import type { SecurityEventName } from '../security-events/model.ts'
import { recordSecurityEvent } from '../security-events/record.ts'
import { cancel } from './cancel.ts'
import { checkCancelPassword } from './cancel-password.ts'
import { explainPassword } from './explain-rejection.ts'
import { type CancelContext, wantedOf } from './model.ts'
import { type KnownOfCancellation, knownOfFields, knownOfRequest, writeRejection } from './write-rejection.ts'

/** cancel.do: the sealed envelope in, plain JSON out, always HTTP 200 (Q04). */
export const cancelRoute =
  (gateway: CancelContext) =>
  async (request: Request): Promise<Response> => {
    const body = await readJsonOrForm(request, gateway.settings.bodyLimitBytes)
    if (!body.ok) {
      noteExplanation(request, body.explanation)
      return rejection(body.reason, body.explanation?.words.ko)
    }
    const envelope = readMessage(sealedEnvelope, body.fields)
    const opened = envelope.ok ? await openEnvelope(gateway, envelope.value) : undefined
    const call = { request, envelope: body.fields }
    if (opened === undefined) return rejected(gateway, call, { reason: 'sealed_body_invalid' })
    noteCall(request, { merchantId: opened.merchant.merchantId, encrypted: opened.fields })
    return answerCancel(gateway, call, opened)
  }

interface Call {
  readonly request: Request
  readonly envelope: WireText
}

interface Rejected {
  readonly reason: ResultReason
  readonly merchant?: Merchant
  /** Replaces the sentence of the reason. */
  readonly detail?: string
  readonly known?: KnownOfCancellation
}

async function answerCancel(
  gateway: CancelContext,
  call: Call,
  { merchant, fields }: OpenedEnvelope,
): Promise<Response> {
  const read = readMessage(cancelRequest, fields)
  if (!read.ok) {
    const detail = read.problems.map((problem) => describeProblem(problem).ko).join(' ')
    const known = knownOfFields(merchant.merchantId, fields)
    return rejected(gateway, call, { reason: 'field_invalid', merchant, detail, known })
  }
  const reason = await rejectionOf(gateway, merchant, read.value)
  if (reason !== undefined) return rejected(gateway, call, { reason, merchant, known: knownOfRequest(read.value) })
  return jsonAnswer(await cancel(gateway, wantedOf(read.value), merchant.repeatedCancellation))
}

async function rejectionOf(
  gateway: CancelContext,
  merchant: Merchant,
  request: CancelRequest,
): Promise<ResultReason | undefined> {
  if (request.merchantId !== merchant.merchantId) return 'sealed_body_invalid'
  if (!isSigned(request, acceptedKeys(merchant, gateway.runtime.now()))) return 'cancel_signature_wrong'
  const checked = await checkCancelPassword(gateway, merchant, request.cancelPassword)
  if (checked.outcome !== 'matches') {
    explainPassword(checked)
    return checked.outcome === 'locked' ? 'cancel_password_locked' : 'cancel_password_wrong'
  }
  const { cancelAmount, taxableAmount, taxFreeAmount, vatAmount } = request
  return partsAddUp(cancelAmount, [taxableAmount, taxFreeAmount, vatAmount]) ? undefined : 'cancel_amount_invalid'
}

function isSigned(request: CancelRequest, keys: readonly string[]): boolean {
  const { transactionId, cancelAmount, cancelScope: scope = '0', signature } = request
  const signed = { transactionId, cancelAmount: String(cancelAmount), scope }
  return keys.some((key) => signatureMatches(signature, signCancelRequest(signed, key)))
}

const eventOfRejection: Partial<Record<ResultReason, SecurityEventName>> = {
  sealed_body_invalid: 'signature_rejected',
  cancel_signature_wrong: 'signature_rejected',
  cancel_password_wrong: 'cancel_password_wrong',
  cancel_password_locked: 'cancel_password_locked',
}

async function rejected(
  gateway: CancelContext,
  { request, envelope }: Call,
  { reason, merchant, detail, known = {} }: Rejected,
): Promise<Response> {
  gateway.log.warn('cancellation_rejected', { reason, merchantId: merchant?.merchantId })
  const name = eventOfRejection[reason]
  if (name !== undefined) recordSecurityEvent(gateway, { name, reason, merchantId: merchant?.merchantId })
  noteExplanation(request, await explainEncryptedRequest(gateway, 'cancellation', envelope, reason))
  // One answer for every envelope that cannot be decrypted or names another merchant.
  return jsonAnswer(writeRejection(reason, reason === 'sealed_body_invalid' ? {} : known, detail))
}
