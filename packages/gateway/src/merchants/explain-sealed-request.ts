import type { FieldTable, ResultReason, WireText } from '@sspay/protocol'
import { type Explanation, explainSealedBody, merchantIdIn, sealedBodyIn } from '@sspay/protocol/diagnosis'
import type { Context } from '../context.ts'
import { type ExplanationKeys, explanationKeys } from './explanation-keys.ts'
import { openEnvelope } from './open-envelope.ts'

/** A kind of sealed request: what is inside, which refusals are about how it was made, and how its signature is explained. */
export interface SealedRequest {
  /** Begins the event of the log line. */
  readonly name: string
  readonly table: FieldTable
  readonly explainable: readonly ResultReason[]
  readonly explainSignature: (fields: WireText, keys: ExplanationKeys) => Explanation | undefined
}

/** What was done in place of what the guide says, with one log line. Undefined outside a sandbox and for every other reason. */
export async function explainSealedRequest(
  context: Pick<Context, 'storage' | 'keyRing' | 'settings' | 'log'>,
  envelope: WireText,
  reason: ResultReason,
  { name, table, explainable, explainSignature }: SealedRequest,
): Promise<Explanation | undefined> {
  const merchantId = merchantIdIn(envelope)
  const keys = explainable.includes(reason) ? await explanationKeys(context, merchantId) : undefined
  if (keys === undefined) return undefined
  const { merchantKey, otherKeys } = keys
  const opened = await openEnvelope(context, envelope)
  const explanation =
    explainSealedBody(sealedBodyIn(envelope), merchantKey, { otherKeys, table, merchantId }) ??
    (opened && explainSignature(opened.fields, keys))
  if (explanation !== undefined) {
    const { words, mistakes } = explanation
    context.log.warn(`${name}_explained`, { reason, merchantId, mistakes: mistakes.join(' '), ...words })
  }
  return explanation
}
