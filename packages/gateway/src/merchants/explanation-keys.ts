import type { ExplainOptions } from '@sspay/protocol/diagnosis'
import type { Context } from '../context.ts'
import { listMerchants } from './store.ts'

export interface ExplanationKeys extends Required<ExplainOptions> {
  readonly merchantKey: string
}

/** Trying a key costs time, and a sandbox has few merchants. */
const mostOtherKeys = 20

/**
 * What a refused signature or body is compared with: the merchant's own key, and those of the others, which a shop takes by mistake. In a
 * sandbox only: anywhere else an explanation would tell a stranger how near a guess has come.
 */
export async function explanationKeys(
  context: Pick<Context, 'storage' | 'keyRing' | 'settings'>,
  merchantId: string,
): Promise<ExplanationKeys | undefined> {
  if (!context.settings.isSandbox) return undefined
  const merchants = await listMerchants(context)
  const merchant = merchants.find((one) => one.merchantId === merchantId)
  const otherKeys = merchants
    .filter((one) => one !== merchant)
    .slice(0, mostOtherKeys)
    .map((one) => ({ label: one.merchantId, key: one.merchantKey.expose() }))
  return merchant && { merchantKey: merchant.merchantKey.expose(), otherKeys }
}
