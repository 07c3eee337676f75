import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import type { Merchant } from './merchant.ts'

/** What a text is encrypted for, and where it belongs: neither can be used for the other. */
export interface Binding {
  /** Derives a key of its own, so that other uses of the merchantKey reveal nothing about it. */
  readonly purpose: 'sspay return state 1' | 'sspay charge 1'
  readonly boundTo: string
}

const cipher = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16

/** Encrypts and authenticates a text with a key derived from the merchantKey; base64url. */
export function encryptBound(merchant: Merchant, binding: Binding, text: string): string {
  const iv = randomBytes(ivBytes)
  const encryption = createCipheriv(cipher, keyOf(merchant, binding), iv).setAAD(additionalData(merchant, binding))
  const encrypted = [iv, encryption.update(text, 'utf8'), encryption.final(), encryption.getAuthTag()]
  return Buffer.concat(encrypted).toString('base64url')
}

/** Undefined if the text was changed or truncated, or belongs to another merchant, purpose or place. */
export function decryptBound(merchant: Merchant, binding: Binding, encrypted: string): string | undefined {
  const bytes = Buffer.from(encrypted, 'base64url')
  if (bytes.length < ivBytes + tagBytes) return undefined
  const iv = bytes.subarray(0, ivBytes)
  const decryption = createDecipheriv(cipher, keyOf(merchant, binding), iv, { authTagLength: tagBytes })
  decryption.setAAD(additionalData(merchant, binding)).setAuthTag(bytes.subarray(-tagBytes))
  try {
    const text = decryption.update(bytes.subarray(ivBytes, -tagBytes))
    return Buffer.concat([text, decryption.final()]).toString('utf8')
  } catch {
    return undefined
  }
}

const keysOf = new WeakMap<Merchant, Map<Binding['purpose'], KeyObject>>()

/** Derived once: that takes longer than encrypting, and so does a key that is bytes. */
function keyOf(merchant: Merchant, { purpose }: Binding): KeyObject {
  const keys = keysOf.get(merchant) ?? new Map<Binding['purpose'], KeyObject>()
  const key = keys.get(purpose) ?? deriveKey(merchant, purpose)
  keysOf.set(merchant, keys.set(purpose, key))
  return key
}

const deriveKey = (merchant: Merchant, purpose: Binding['purpose']): KeyObject =>
  createSecretKey(new Uint8Array(hkdfSync('sha256', merchant.exposeMerchantKey(), merchant.merchantId, purpose, 32)))

const additionalData = (merchant: Merchant, { boundTo }: Binding): Uint8Array =>
  new TextEncoder().encode(`${merchant.merchantId}\n${boundTo}`)
