import { type ResultReason, sealedEnvelope, type WireText } from '@sspay/protocol'
import { textOf } from '@sspay/protocol/internal'
import type { Context } from '../context.ts'
import type { DiagnosedEnvelope, DiagnosedRequest, Explanation } from '../diagnosis.ts'
import { listMerchants } from './store.ts'

type ExplainContext = Pick<Context, 'storage' | 'keyRing' | 'settings' | 'diagnose'>

/** Explains a rejected signature or encrypted body. Undefined outside a sandbox. */
export async function explainRejection(
  context: ExplainContext,
  request: DiagnosedRequest,
  fields: WireText,
): Promise<Explanation | undefined> {
  const { diagnose, settings } = context
  return diagnose && settings.isSandbox ? diagnose(request, fields, await listMerchants(context)) : undefined
}

/** Rejections that depend on how the request was encrypted and signed. */
const explainable: ReadonlySet<ResultReason> = new Set([
  'sealed_body_invalid',
  'field_invalid',
  'checksum_wrong',
  'cancel_signature_wrong',
])

/** {@link explainRejection} of an encrypted request, with one log line. Undefined for every other reason. */
export async function explainEncryptedRequest(
  context: ExplainContext & Pick<Context, 'log'>,
  request: DiagnosedEnvelope,
  envelope: WireText,
  reason: ResultReason,
): Promise<Explanation | undefined> {
  if (!explainable.has(reason)) return undefined
  const explanation = await explainRejection(context, request, envelope)
  if (explanation !== undefined) {
    const { words, mistakes } = explanation
    const merchantId = textOf(sealedEnvelope, envelope, 'merchantId')
    context.log.warn(`${request}_explained`, { reason, merchantId, mistakes: mistakes.join(' '), ...words })
  }
  return explanation
}
