import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import type { WireText } from './field-table.ts'

/**
 * EncData: AES-256-CBC, PKCS#7, an IV of sixteen zero bytes, and the first 32 characters of the MerchantKey text as the key.
 * That is the wire, and it has no integrity: nothing outside this file may copy the scheme.
 */
const iv = Buffer.alloc(16)

function keyOf(merchantKey: string): KeyObject {
  const bytes = Buffer.from(merchantKey.slice(0, 32), 'utf8')
  if (bytes.length !== 32) throw new RangeError('a MerchantKey has at least 32 ASCII characters')
  return createSecretKey(bytes)
}

/** Seals any text; requests are UTF-8 JSON. */
export function sealText(plaintext: string, merchantKey: string): string {
  const cipher = createCipheriv('aes-256-cbc', keyOf(merchantKey), iv)
  return Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]).toString('base64')
}

export const sealBody = (body: WireText, merchantKey: string): string => sealText(JSON.stringify(body), merchantKey)

/** Undefined for a wrong key, bad Base64, bad padding, bad JSON alike, so that the answer tells nobody which. */
export function openBody(sealedBody: string, merchantKey: string): WireText | undefined {
  // Old encoders break lines; a form that was not escaped turns + into a blank.
  const base64 = sealedBody.replace(/[\r\n]/g, '').replace(/ /g, '+')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length === 0 || bytes.length % 16 !== 0) return undefined
  try {
    const decipher = createDecipheriv('aes-256-cbc', keyOf(merchantKey), iv)
    const plaintext = Buffer.concat([decipher.update(bytes), decipher.final()])
    return textValues(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plaintext)))
  } catch {
    return undefined
  }
}

/** JSON values as wire text: numbers and booleans as their text; anything deeper is no message. */
export function textValues(json: unknown): WireText | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined
  const values: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(json)) {
    if (typeof value === 'string') values[name] = value
    else if (typeof value === 'number' || typeof value === 'boolean') values[name] = String(value)
    else if (value !== null) return undefined
  }
  return values
}
