import { type FieldTable, notification, sealedEnvelope, type WireText } from '@sspay/protocol'
import { decodeForm } from '@sspay/protocol/charset'
import { openBody, textValues } from '@sspay/protocol/sealed-body'
import type { PaymentIdentity } from './rules.ts'

export interface IdentifyOptions {
  /** Opens sealed requests; those of other merchants stay closed and match no rule about a payment. */
  readonly merchantKey: string
  readonly findOrderId: (transactionId: string) => Promise<string | undefined>
}

/** Which payment a request of any link is about: the shop's JSON and sealed JSON, the gateway's JSON and forms. */
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

/** Names, digits and Latin letters are the same bytes in both charsets of the wire. */
function readFields(body: Uint8Array): WireText {
  try {
    return textValues(JSON.parse(new TextDecoder().decode(body))) ?? {}
  } catch {
    return decodeForm(body, 'utf-8').fields
  }
}
