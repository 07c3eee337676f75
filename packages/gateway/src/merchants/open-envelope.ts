import { readMessage, sealedEnvelope, type WireText } from '@sspay/protocol'
import { openBody } from '@sspay/protocol/sealed-body'
import type { Context } from '../context.ts'
import type { Merchant } from './model.ts'
import { findMerchant } from './store.ts'

export interface OpenedEnvelope {
  readonly merchant: Merchant
  readonly fields: WireText
}

/**
 * Opens a sealed request with the key of the merchant that its clear part names. Undefined for an unknown merchant, a wrong key, bad
 * Base64, bad padding and bad JSON alike, so that whoever tries bodies learns nothing from it. What is in it may still name
 * another merchant.
 */
export async function openEnvelope(
  context: Pick<Context, 'storage' | 'keyRing'>,
  envelope: WireText,
): Promise<OpenedEnvelope | undefined> {
  const read = readMessage(sealedEnvelope, envelope)
  if (!read.ok) return undefined
  const merchant = await findMerchant(context, read.value.merchantId)
  const fields = merchant && openBody(read.value.sealedBody, merchant.merchantKey.expose())
  return merchant === undefined || fields === undefined ? undefined : { merchant, fields }
}
