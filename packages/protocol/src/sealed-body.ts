import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import type { WireText } from './field-table.ts'

/**
 * EncData (guide, SS-Pay 회원 삭제 STEP 2; Q18, Q19): AES-256-CBC, PKCS#7, an IV of sixteen zero bytes, and the first 32
 * characters of
 * the MerchantKey text as the key. The wire requires this scheme although it has no integrity: check the decrypted
 * fields, and do not use the scheme anywhere else.
 */
const iv = Buffer.alloc(16)

function keyOf(merchantKey: string): KeyObject {
  const bytes = Buffer.from(merchantKey.slice(0, 32), 'utf8')
  if (bytes.length !== 32) throw new RangeError('a MerchantKey has at least 32 ASCII characters')
  return createSecretKey(bytes)
}

/**
 * Encrypts a text as EncData.
 *
 * @returns standard Base64 of the encrypted UTF-8 text
 * @throws RangeError for a MerchantKey of fewer than 32 characters
 */
export function encryptText(plaintext: string, merchantKey: string): string {
  const cipher = createCipheriv('aes-256-cbc', keyOf(merchantKey), iv)
  return Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]).toString('base64')
}

/** {@link encryptText} of the body as JSON: what goes into EncData. */
export const encryptBody = (body: WireText, merchantKey: string): string =>
  encryptText(JSON.stringify(body), merchantKey)

/**
 * Decrypts what {@link encryptText} wrote, such as the BillTokenKey of an issued bill key.
 *
 * @returns undefined for a wrong key, bad Base64, bad padding and bad UTF-8 alike, so that it is no padding oracle
 * @throws RangeError for a MerchantKey of fewer than 32 characters
 */
export function decryptText(encrypted: string, merchantKey: string): string | undefined {
  const key = keyOf(merchantKey)
  const bytes = readBase64(encrypted)
  if (bytes === undefined) return undefined
  try {
    const decipher = createDecipheriv('aes-256-cbc', key, iv)
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat([decipher.update(bytes), decipher.final()]))
  } catch {
    return undefined
  }
}

/**
 * Decrypts EncData.
 *
 * @returns undefined for bad JSON and for whatever {@link decryptText} cannot decrypt
 * @throws RangeError for a MerchantKey of fewer than 32 characters
 */
export function openBody(sealedBody: string, merchantKey: string): WireText | undefined {
  const plaintext = decryptText(sealedBody, merchantKey)
  if (plaintext === undefined) return undefined
  try {
    return textValues(JSON.parse(plaintext))
  } catch {
    return undefined
  }
}

/**
 * Old encoders break lines; an unescaped form turns + into a blank (Q21). Otherwise only the canonical Base64 is
 * accepted.
 */
function readBase64(text: string): Buffer | undefined {
  const base64 = text.replace(/[\r\n]/g, '').replace(/ /g, '+')
  const bytes = Buffer.from(base64, 'base64')
  const isCanonical = bytes.toString('base64').replace(/=+$/, '') === base64.replace(/={1,2}$/, '')
  return isCanonical ? bytes : undefined
}

/** JSON values as wire text: numbers and booleans as their text, null as absent; nested values are rejected. */
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
