import { type FieldTable, type ResultReason, resultCodes, type WireText } from '@sspay/protocol'
import { type Explanation, explainSealedBody, merchantIdIn, sealedBodyIn } from '@sspay/protocol/diagnosis'
import type { Context } from '../context.ts'
import { type ExplanationKeys, explanationKeys } from './explanation-keys.ts'
import { openEnvelope } from './open-envelope.ts'

/** A kind of sealed request: what is inside, which refusals are about how it was made, and how its signature is explained. */
export interface EncryptedRequest {
  /** Begins the event of the log line. */
  readonly name: string
  readonly table: FieldTable
  readonly explainable: readonly ResultReason[]
  readonly explainSignature: (fields: WireText, keys: ExplanationKeys) => Explanation | undefined
}

type EncryptedExplanation = Pick<Explanation, 'mistakes' | 'words'> & { readonly joined?: string | undefined }

/** What was done in place of what the guide says, with one log line. Undefined outside a sandbox and for every other reason. */
export async function explainEncryptedRequest(
  context: Pick<Context, 'storage' | 'keyRing' | 'settings' | 'log'>,
  envelope: WireText,
  reason: ResultReason,
  request: EncryptedRequest,
): Promise<EncryptedExplanation | undefined> {
  if (!context.settings.isSandbox || !request.explainable.includes(reason)) return undefined
  const merchantId = merchantIdIn(envelope)
  const keys = await explanationKeys(context, merchantId)
  const explanation = keys === undefined ? unknownMerchant : await explainWith(context, keys, envelope, request)
  if (explanation !== undefined) {
    const { words, mistakes } = explanation
    context.log.warn(`${request.name}_explained`, { reason, merchantId, mistakes: mistakes.join(' '), ...words })
  }
  return explanation
}

/** The answer does not tell an unknown merchant from a body that does not open. */
const unknownMerchant: EncryptedExplanation = {
  mistakes: ['merchant_unknown'],
  words: { ko: resultCodes.merchant_unknown.ko, en: resultCodes.merchant_unknown.en },
}

async function explainWith(
  context: Pick<Context, 'storage' | 'keyRing'>,
  keys: ExplanationKeys,
  envelope: WireText,
  { table, explainSignature }: EncryptedRequest,
): Promise<Explanation | undefined> {
  const { merchantKey, otherKeys } = keys
  const options = { otherKeys, table, merchantId: merchantIdIn(envelope) }
  const explanation = explainSealedBody(sealedBodyIn(envelope), merchantKey, options)
  if (explanation !== undefined) return explanation
  const opened = await openEnvelope(context, envelope)
  return opened && explainSignature(opened.fields, keys)
}
