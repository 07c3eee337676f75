import { createHmac } from 'node:crypto'
import { signatureMatches } from '@sspay/protocol/signature'
import type { Merchant } from './merchant.ts'
import { readMerchantNote, writeMerchantNote } from './merchant-note.ts'

/** What the seal of an order holds beside the shop's note. */
export interface SignedOrder {
  readonly orderId: string
  /** Won. */
  readonly amount: number
  readonly customerId: string
  /** Host and, where it is not the usual one, port of the ReturnUrl. */
  readonly returnHost: string
  /** To the second. */
  readonly expiresAt: Date
}

/**
 * What about an order is not as the shop sealed it.
 *
 * | tampering | what was found |
 * |---|---|
 * | `order_signature_missing` | no seal: the field was taken out, or the order was signed before sealing was switched on |
 * | `order_signature_broken` | the seal was not made with one of the merchant's keys, or was changed |
 * | `order_differs`, `amount_differs`, `customer_differs`, `return_host_differs` | the seal is right and belongs to something else |
 * | `order_signature_expired` | the form was older than `validForMs` |
 */
export type OrderTampering =
  | 'order_signature_missing'
  | 'order_signature_broken'
  | 'order_differs'
  | 'amount_differs'
  | 'customer_differs'
  | 'return_host_differs'
  | 'order_signature_expired'

export type OrderSignatureVerdict = { readonly ok: true } | { readonly ok: false; readonly tampering: OrderTampering }

/** What came back from the service or through the browser. What is absent is not compared. */
export interface EncryptedFields {
  readonly orderId?: string | undefined
  readonly amount?: number | undefined
  readonly customerId?: string | undefined
  /** 상점예비정보 as it travelled: Base64. */
  readonly merchantNote?: string | undefined
}

/** What the shop knows by itself. What is absent is not compared. */
export interface OrderSignatureExpectation {
  readonly orderId?: string | undefined
  /** Won. */
  readonly amount?: number | undefined
  readonly returnHost?: string | undefined
  /** The moment that must not lie after the expiry: now, before an approval. After it the money is taken, and nothing expires. */
  readonly at?: Date | undefined
}

/** Seals an order and the shop's note into 상점예비정보 (Base64). What is too long for the wire the field table refuses. */
export function signOrder(merchant: Merchant, order: SignedOrder, merchantNote = ''): string {
  const [key] = merchant.exposeSigningKeys()
  if (key === undefined) throw new Error('this merchant seals no orders')
  const { orderId, amount, customerId, returnHost, expiresAt } = order
  const head = [mark, orderId, amount, customerId, returnHost, Math.floor(expiresAt.getTime() / 1000)].join(' ')
  return writeMerchantNote(`${head} ${mac(key, merchant.merchantId, head, merchantNote)}\n${merchantNote}`)
}

/**
 * Whether an order that came back is the one the shop sealed. Pure; right for every order of a merchant that seals none.
 * A seal made with either of the merchant's two keys is right.
 */
export function verifySignedOrder(
  merchant: Merchant,
  fields: EncryptedFields,
  expected: OrderSignatureExpectation,
): OrderSignatureVerdict {
  if (!merchant.signsOrders) return { ok: true }
  if (fields.merchantNote === undefined) return { ok: false, tampering: 'order_signature_missing' }
  const opened = verifyOrderSignature(merchant, fields.merchantNote)
  if (typeof opened === 'string') return { ok: false, tampering: opened }
  const tampering = findDifference(opened, fields, expected)
  return tampering === undefined ? { ok: true } : { ok: false, tampering }
}

/** The shop's own note without the seal, whatever the seal is worth: for showing, after the order was verified. */
export function readNoteOfShop(base64: string): string {
  const text = readMerchantNote(base64)
  return partsOf(text)?.note ?? text
}

const mark = 'sspay1'
const encrypted = /^(sspay1 ([A-Za-z0-9_-]+) ([0-9]+) ([A-Za-z0-9]+) (\S+) ([0-9]+)) ([A-Za-z0-9_-]{43})\n([\s\S]*)$/

interface OrderSignatureParts extends SignedOrder {
  readonly head: string
  readonly mac: string
  readonly note: string
}

function partsOf(text: string): OrderSignatureParts | undefined {
  const found = encrypted.exec(text)
  if (found === null) return undefined
  const [, head = '', orderId = '', amount, customerId = '', returnHost = '', seconds, mac = '', note = ''] = found
  const expiresAt = new Date(Number(seconds) * 1000)
  return { head, orderId, amount: Number(amount), customerId, returnHost, expiresAt, mac, note }
}

function verifyOrderSignature(
  merchant: Merchant,
  base64: string,
): SignedOrder | 'order_signature_missing' | 'order_signature_broken' {
  const text = readMerchantNote(base64)
  const parts = partsOf(text)
  if (parts === undefined) return text.startsWith(mark) ? 'order_signature_broken' : 'order_signature_missing'
  // Base64 has spare bits: another spelling of the same bytes is a change too.
  const isSpelledOnce = writeMerchantNote(text) === base64
  const isRight = merchant
    .exposeSigningKeys()
    .some((key) => signatureMatches(parts.mac, mac(key, merchant.merchantId, parts.head, parts.note)))
  return isRight && isSpelledOnce ? parts : 'order_signature_broken'
}

function findDifference(
  encrypt: SignedOrder,
  fields: EncryptedFields,
  expected: OrderSignatureExpectation,
): OrderTampering | undefined {
  const differs = <Value>(known: Value, ...given: readonly (Value | undefined)[]): boolean =>
    given.some((value) => value !== undefined && value !== known)
  if (differs(encrypt.orderId, fields.orderId, expected.orderId)) return 'order_differs'
  if (differs(encrypt.amount, fields.amount, expected.amount)) return 'amount_differs'
  if (differs(encrypt.customerId, fields.customerId)) return 'customer_differs'
  if (differs(encrypt.returnHost, expected.returnHost?.toLowerCase())) return 'return_host_differs'
  return expected.at !== undefined && expected.at > encrypt.expiresAt ? 'order_signature_expired' : undefined
}

/** HMAC-SHA-256 as base64url. The merchant's id goes in, so that two merchants with one key cannot swap orders. */
const mac = (key: string, merchantId: string, head: string, note: string): string =>
  createHmac('sha256', key).update(`${merchantId}\n${head}\n${note}`, 'utf8').digest('base64url')
