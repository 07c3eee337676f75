import type { SealedEnvelope, WireText } from '@sspay/protocol'
import { openBody } from '@sspay/protocol/sealed-body'
import type { Context } from '../context.ts'
import { acceptedKeys } from './keys.ts'
import type { Merchant } from './model.ts'
import { findMerchant } from './store.ts'

export interface OpenedEnvelope {
  readonly merchant: Merchant
  readonly fields: WireText
  /** The accepted key that it was encrypted with. */
  readonly key: string
}

/**
 * Decrypts a request with an accepted key of the merchant in its clear part; the Mid inside may still be another.
 * Undefined for an unknown merchant, a wrong key, bad padding and bad JSON alike, so that it is no padding oracle.
 */
export async function openEnvelope(
  context: Pick<Context, 'storage' | 'keyRing' | 'runtime'>,
  { merchantId, sealedBody }: SealedEnvelope,
): Promise<OpenedEnvelope | undefined> {
  const merchant = await findMerchant(context, merchantId)
  if (merchant === undefined) return undefined
  for (const key of acceptedKeys(merchant, context.runtime.now())) {
    const fields = openBody(sealedBody, key)
    if (fields !== undefined) return { merchant, fields, key }
  }
  return undefined
}
