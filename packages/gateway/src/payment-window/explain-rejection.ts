import type { WireText } from '@sspay/protocol'
import { type Explanation, explainPaymentSignature, isAboutSignature, merchantIdIn } from '@sspay/protocol/diagnosis'
import type { Context } from '../context.ts'
import { explanationKeys } from '../merchants/explanation-keys.ts'
import type { Rejected } from './read-request.ts'

/** What was done in place of the guide's signature; in a sandbox only. */
export async function explainRejection(
  context: Pick<Context, 'storage' | 'keyRing' | 'settings'>,
  fields: WireText,
  { reason, problems }: Rejected,
): Promise<Explanation | undefined> {
  if (reason !== 'signature_wrong' && !problems.some(isAboutSignature)) return undefined
  const keys = await explanationKeys(context, merchantIdIn(fields))
  return keys && explainPaymentSignature(fields, keys.merchantKey, keys)
}
