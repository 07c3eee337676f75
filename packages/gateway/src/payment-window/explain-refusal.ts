import type { WireText } from '@sspay/protocol'
import { type Explanation, explainPaymentSignature, isAboutSignature, merchantIdIn } from '@sspay/protocol/diagnosis'
import type { Context } from '../context.ts'
import { findMerchant } from '../merchants/store.ts'
import type { Refused } from './read-request.ts'

/**
 * What was done in place of the guide's signature. In a sandbox only: anywhere else it would tell a stranger how near a guess has come.
 */
export async function explainRefusal(
  context: Pick<Context, 'storage' | 'keyRing' | 'settings'>,
  fields: WireText,
  { reason, problems }: Refused,
): Promise<Explanation | undefined> {
  if (!context.settings.isSandbox || (reason !== 'signature_wrong' && !problems.some(isAboutSignature)))
    return undefined
  const merchant = await findMerchant(context, merchantIdIn(fields))
  return merchant && explainPaymentSignature(fields, merchant.merchantKey.expose())
}
