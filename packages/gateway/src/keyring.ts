import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import type { Runtime } from './runtime.ts'
import type { Secret } from './secret.ts'

/** The keys that live outside the database. Everything personal or secret in a table went through `seal` or `fingerprint`. */
export interface KeyRing {
  /** AES-256-GCM; `context` (for example `card:<memberId>`) is authenticated and must be the same when opening. */
  seal(plaintext: string, context: string): string
  /** Throws when the text, the key or the context is not the one sealed with. */
  open(sealed: string, context: string): string
  /** HMAC-SHA-256 as hexadecimal: equal inputs can be found without storing them. */
  fingerprint(value: string, context: string): string
  /** Goes into the password hash, so that a copy of the database alone does not allow guessing. */
  readonly pepper: Uint8Array
}

const derive = (rootKey: Secret, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', Buffer.from(rootKey.expose(), 'hex'), '', `sspay ${purpose}`, 32))

/** `rootKey`: 64 hexadecimal characters (32 random bytes). */
export function createKeyRing(runtime: Runtime, rootKey: Secret): KeyRing {
  if (!/^[0-9a-f]{64}$/.test(rootKey.expose())) throw new RangeError('the root key has 64 hexadecimal characters')
  const sealingKey = createSecretKey(derive(rootKey, 'sealing'))
  const fingerprintKey = createSecretKey(derive(rootKey, 'fingerprint'))
  return {
    seal: (plaintext, context) => seal(sealingKey, runtime.randomBytes(12), plaintext, context),
    open: (sealed, context) => open(sealingKey, sealed, context),
    fingerprint: (value, context) => createHmac('sha256', fingerprintKey).update(`${context}\0${value}`).digest('hex'),
    pepper: derive(rootKey, 'pepper'),
  }
}

function seal(key: KeyObject, nonce: Uint8Array, plaintext: string, context: string): string {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
  return Buffer.concat([nonce, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
    'base64',
  )
}

function open(key: KeyObject, sealed: string, context: string): string {
  const bytes = Buffer.from(sealed, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
  decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-16))
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8')
}
