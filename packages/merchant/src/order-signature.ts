import { createHmac } from 'node:crypto'
import { signatureMatches } from '@sspay/protocol/signature'
import type { Merchant } from './merchant.ts'

/** The signed data of an order, beside the shop's note. */
export interface SignedOrder {
  readonly orderId: string
  /** Won. */
  readonly amount: number
  readonly customerId: string
  /** Host of the ReturnUrl, with a port other than the default. */
  readonly returnHost: string
  /** In whole seconds. */
  readonly expiresAt: Date
}

/**
 * How an order differs from the one that the shop signed.
 *
 * | tampering | found |
 * |---|---|
 * | `order_signature_missing` | no signature: the field was removed, or the form was made before orders were signed |
 * | `order_signature_broken` | a signature that none of the merchant's keys made, or changed data |
 * | `order_differs`, `amount_differs`, `customer_differs`, `return_host_differs` | a valid signature of other data |
 * | `order_signature_expired` | a form older than `validForMs` |
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

/** The fields to verify, from the payment service or the browser. Absent ones are not compared. */
export interface SignedFields {
  readonly orderId?: string | undefined
  readonly amount?: number | undefined
  readonly customerId?: string | undefined
  /** 상점예비정보 in Base64. */
  readonly merchantNote?: string | undefined
}

/** The shop's own records. Absent ones are not compared. */
export interface OrderSignatureExpectation {
  readonly orderId?: string | undefined
  /** Won. */
  readonly amount?: number | undefined
  readonly returnHost?: string | undefined
  /** Checked against the expiry; absent after an approval, when nothing expires any more. */
  readonly at?: Date | undefined
}

/**
 * Signs an order and writes it with the shop's note into 상점예비정보 (Base64). The field table rejects a text that is too
 * long.
 */
export function signOrder(merchant: Merchant, order: SignedOrder, merchantNote = ''): string {
  const [key] = merchant.exposeSigningKeys()
  if (key === undefined) throw new Error('this merchant signs no orders: set orderSignature')
  const { orderId, amount, customerId, returnHost, expiresAt } = order
  const head = [mark, orderId, amount, customerId, returnHost, Math.floor(expiresAt.getTime() / 1000)].join(' ')
  return writeMerchantNote(`${head} ${mac(key, merchant.merchantId, head, merchantNote)}\n${merchantNote}`)
}

/**
 * Verifies an order against its signature, made with any of the merchant's keys. Ok if the merchant signs no orders.
 */
export function verifySignedOrder(
  merchant: Merchant,
  fields: SignedFields,
  expected: OrderSignatureExpectation,
): OrderSignatureVerdict {
  if (!merchant.signsOrders) return { ok: true }
  if (fields.merchantNote === undefined) return { ok: false, tampering: 'order_signature_missing' }
  const signed = verifyOrderSignature(merchant, fields.merchantNote)
  if (typeof signed === 'string') return { ok: false, tampering: signed }
  const tampering = findDifference(signed, fields, expected)
  return tampering === undefined ? { ok: true } : { ok: false, tampering }
}

/** The shop's note without the signature, which is not verified here. */
export function readNoteOfShop(base64: string): string {
  const text = readMerchantNote(base64)
  return partsOf(text)?.note ?? text
}

const mark = 'sspay1'
const pattern = /^(sspay1 ([A-Za-z0-9_-]+) ([0-9]+) ([A-Za-z0-9]+) (\S+) ([0-9]+)) ([A-Za-z0-9_-]{43})\n([\s\S]*)$/

interface OrderSignatureParts extends SignedOrder {
  readonly head: string
  readonly mac: string
  readonly note: string
}

function partsOf(text: string): OrderSignatureParts | undefined {
  const found = pattern.exec(text)
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
  signed: SignedOrder,
  fields: SignedFields,
  expected: OrderSignatureExpectation,
): OrderTampering | undefined {
  const differs = <Value>(known: Value, ...given: readonly (Value | undefined)[]): boolean =>
    given.some((value) => value !== undefined && value !== known)
  if (differs(signed.orderId, fields.orderId, expected.orderId)) return 'order_differs'
  if (differs(signed.amount, fields.amount, expected.amount)) return 'amount_differs'
  if (differs(signed.customerId, fields.customerId)) return 'customer_differs'
  if (differs(signed.returnHost, expected.returnHost?.toLowerCase())) return 'return_host_differs'
  return expected.at !== undefined && expected.at > signed.expiresAt ? 'order_signature_expired' : undefined
}

/** HMAC-SHA-256 in base64url, over the merchant id too, so that merchants with the same key cannot swap orders. */
const mac = (key: string, merchantId: string, head: string, note: string): string =>
  createHmac('sha256', key).update(`${merchantId}\n${head}\n${note}`, 'utf8').digest('base64url')

/** 상점예비정보 is sent as Base64 of UTF-8 (guide: plain Hangul would not arrive). */
export function writeMerchantNote(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''))
}

/** Text that is not Base64 of UTF-8 is returned as it is: another system of the shop may have written it. */
export function readMerchantNote(base64: string): string {
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return base64
  }
}
