import { type PaymentRequest, paymentRequest, writeMessage } from '@sspay/protocol'
import { signPaymentRequest } from '@sspay/protocol/signature'
import { testMerchant } from '../../packages/sandbox/src/test-merchant.ts'
import type { Payload } from './xss-payloads.ts'

/** Fields with free text, which a shop, a buyer or an attacker can fill. */
export const freeFields = ['GoodsName', 'BuyerName', 'MallUserId', 'Moid', 'MallReserved', 'BuyerEmail'] as const

type Wire = Readonly<Record<string, string>>

function signedForm(index: number, stopUrl: string): Wire {
  const requestedAt = new Date()
  const request: PaymentRequest = {
    paymentMethod: 'CARD',
    merchantId: testMerchant.merchantId,
    amount: 1004,
    orderId: `XSS-${index}`,
    customerId: `xss${index}`,
    goodsName: 'plain',
    goodsCount: 1,
    buyerName: 'plain',
    buyerPhone: '01099991111',
    buyerEmail: 'plain@shop.example',
    returnUrl: stopUrl,
    abortUrl: stopUrl,
    requestedAt,
    signature: 'x',
    easyPayMerchantId: testMerchant.easyPayMerchantId,
    asksPopCard: false,
    merchantNote: 'plain',
  }
  const wire = writeMessage(paymentRequest, request) as Wire
  const signed = { requestedAt: `${wire.EdiDate}`, merchantId: testMerchant.merchantId, amount: '1004' }
  return { ...wire, EncryptData: signPaymentRequest(signed, testMerchant.merchantKey.expose()) }
}

const isReadable = (field: (typeof freeFields)[number], text: string): boolean => {
  const { format } = paymentRequest[field]
  return [...text].length <= format.maxLength && format.read(text) !== undefined
}

export interface TriedForms {
  /** Every field holds a payload that its format lets in, or a plain text. */
  readonly accepted: Wire
  /** Every field holds the payload that its format keeps out. */
  readonly rejected: Wire
  /** How many payloads the two hold: one for each field. */
  readonly tried: number
}

/** Form `index` tries six payloads, each in another field; over all forms each payload is tried in each field. */
export function formsOf(index: number, payloads: readonly Payload[], stopUrl: string): TriedForms {
  const plain = signedForm(index, stopUrl)
  const texts = freeFields.map((field, at) => [field, payloads[(index + at) % payloads.length]?.text ?? ''] as const)
  const readable = texts.filter(([field, text]) => isReadable(field, text))
  const unreadable = texts.filter(([field, text]) => !isReadable(field, text))
  return {
    accepted: { ...plain, ...Object.fromEntries(readable) },
    rejected: { ...plain, ...Object.fromEntries(unreadable) },
    tried: readable.length + unreadable.length,
  }
}

/** The same with nothing to try: what the pages look like. */
export const plainForms = (stopUrl: string): TriedForms => {
  const plain = signedForm(9999, stopUrl)
  const broken = Object.fromEntries(freeFields.map((field) => [field, '\t']))
  return { accepted: plain, rejected: { ...plain, ...broken }, tried: 0 }
}
