import { type FieldTable, notification, sealedEnvelope, type WireText } from '@sspay/protocol'
import { decodeForm } from '@sspay/protocol/charset'
import { openBody, textValues } from '@sspay/protocol/sealed-body'
import type { PaymentIdentity } from './rules.ts'

export interface IdentifyOptions {
  /** Decrypts requests; those of other merchants cannot be decrypted and match no rule that names a payment. */
  readonly merchantKey: string
  readonly findOrderId: (transactionId: string) => Promise<string | undefined>
}

/** Finds the payment in a request of any link: plain or encrypted JSON of the shop, JSON and forms of the gateway. */
export function createIdentify({ merchantKey, findOrderId }: IdentifyOptions) {
  return async (body: Uint8Array): Promise<PaymentIdentity> => {
    const sent = readFields(body)
    const encrypted = sent[wireNameOf(sealedEnvelope, 'sealedBody')]
    const fields = (encrypted === undefined ? sent : openBody(encrypted, merchantKey)) ?? {}
    const transactionId = fields[wireNameOf(notification, 'transactionId')] ?? fields.transactionId
    const orderId = fields[wireNameOf(notification, 'orderId')]
    if (transactionId === undefined || orderId !== undefined) return { transactionId, orderId }
    return { transactionId, orderId: await findOrderId(transactionId) }
  }
}

function wireNameOf(table: FieldTable, name: string): string {
  return Object.entries(table).find(([, field]) => field.name === name)?.[0] ?? ''
}

/** Field names, digits and Latin letters are the same bytes in UTF-8 and EUC-KR. */
function readFields(body: Uint8Array): WireText {
  try {
    return textValues(JSON.parse(new TextDecoder().decode(body))) ?? {}
  } catch {
    return decodeForm(body, 'utf-8').fields
  }
}
