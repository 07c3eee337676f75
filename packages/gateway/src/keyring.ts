import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import type { Runtime } from './runtime.ts'
import type { Secret } from './secret.ts'

/**
 * Encryption at rest: the keys, which are kept outside the database. Everything personal or secret in a table went
 * through `encrypt` or `fingerprint`.
 */
export interface KeyRing {
  /** AES-256-GCM; `context` (for example `card:<memberId>`) is authenticated, and needed to decrypt. */
  encrypt(plaintext: string, context: string): string
  /** Throws for a changed text, another key or another context. */
  decrypt(encrypted: string, context: string): string
  /** HMAC-SHA-256 as hexadecimal, for lookups by a value that is not stored in plaintext. */
  fingerprint(value: string, context: string): string
  /** The same under every root key there has been, the current one first: for lookups among stored fingerprints. */
  fingerprints(value: string, context: string): readonly string[]
  /** Secret input of password hashes, so that a copy of the database alone does not allow guessing. */
  readonly pepper: Uint8Array
  /** Those of earlier root keys, the latest first. */
  readonly formerPeppers: readonly Uint8Array[]
  /** Identifies the current root key without revealing it. */
  readonly keyId: string
  /**
   * Whether a ciphertext is known to be under the current root key. Only a ring of several keys marks its ciphertexts.
   */
  isCurrent(encrypted: string): boolean
}

/** The part of a replaced root key that is kept: enough for lookups and comparisons, not to decrypt. */
export interface FormerKey {
  readonly keyId: string
  /** Hexadecimal. */
  readonly fingerprintKey: string
  readonly pepper: string
}

export interface OtherKeys {
  /** Root keys that decrypt too, during a rotation. */
  readonly others?: readonly Secret[]
  readonly former?: readonly FormerKey[]
}

const derive = (rootKey: Secret, purpose: string, length = 32): Buffer => {
  if (!/^[0-9a-f]{64}$/.test(rootKey.expose())) throw new RangeError('the root key has 64 hexadecimal characters')
  return Buffer.from(hkdfSync('sha256', Buffer.from(rootKey.expose(), 'hex'), '', `sspay ${purpose}`, length))
}

const keyIdBytes = 4

/** Eight hexadecimal characters. */
export const keyIdOf = (rootKey: Secret): string => derive(rootKey, 'key id', keyIdBytes).toString('hex')

export const formerKeyOf = (rootKey: Secret): FormerKey => ({
  keyId: keyIdOf(rootKey),
  fingerprintKey: derive(rootKey, 'fingerprint').toString('hex'),
  pepper: derive(rootKey, 'pepper').toString('hex'),
})

/** Not a character of Base64: a ciphertext that has it after eight characters begins with its key id. */
const mark = '.'
const markAt = 2 * keyIdBytes

interface EncryptionKey {
  readonly keyId: string
  readonly key: KeyObject
}

/**
 * `rootKey`: 64 hexadecimal characters (32 random bytes); it encrypts. A ring of one key writes ciphertexts without a
 * key id. A ring of several prefixes the id, so that a rotation finds ciphertexts under other keys; one without an id
 * may be under any.
 */
export function createKeyRing(
  runtime: Runtime,
  rootKey: Secret,
  { others = [], former = [] }: OtherKeys = {},
): KeyRing {
  const encryptionKeys = [rootKey, ...others].map((key) => ({
    keyId: keyIdOf(key),
    key: createSecretKey(derive(key, 'encryption')),
  }))
  const [current] = encryptionKeys as [EncryptionKey]
  const prefix = others.length === 0 ? '' : current.keyId + mark
  const isLeft = ({ keyId }: FormerKey): boolean => encryptionKeys.every((known) => known.keyId !== keyId)
  const formerKeys = [...others.map(formerKeyOf), ...former.filter(isLeft)]
  const macKeys = [formerKeyOf(rootKey), ...formerKeys].map(({ fingerprintKey }) =>
    createSecretKey(Buffer.from(fingerprintKey, 'hex')),
  )
  const [macKey] = macKeys as [KeyObject]
  return {
    encrypt: (plaintext, context) => prefix + encrypt(current.key, runtime.randomBytes(12), plaintext, context),
    decrypt: (encrypted, context) => decryptWithAny(encryptionKeys, encrypted, context),
    fingerprint: (value, context) => macOf(macKey, value, context),
    fingerprints: (value, context) => macKeys.map((key) => macOf(key, value, context)),
    pepper: derive(rootKey, 'pepper'),
    formerPeppers: formerKeys.map(({ pepper }) => Buffer.from(pepper, 'hex')),
    keyId: current.keyId,
    isCurrent: (encrypted) => encrypted.startsWith(current.keyId + mark),
  }
}

const macOf = (key: KeyObject, value: string, context: string): string =>
  createHmac('sha256', key).update(`${context}\0${value}`).digest('hex')

function encrypt(key: KeyObject, nonce: Uint8Array, plaintext: string, context: string): string {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
  return Buffer.concat([nonce, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
    'base64',
  )
}

/** With the key of its id; without an id with each key, older ones first. */
function decryptWithAny(keys: readonly EncryptionKey[], encrypted: string, context: string): string {
  const isMarked = encrypted[markAt] === mark
  const text = isMarked ? encrypted.slice(markAt + 1) : encrypted
  let failure: unknown
  for (const { key } of isMarked ? keys.filter(({ keyId }) => encrypted.startsWith(keyId)) : keys.toReversed()) {
    try {
      return decrypt(key, text, context)
    } catch (cause) {
      failure = cause
    }
  }
  throw failure ?? new Error('encrypted with a root key that this gateway does not have')
}

function decrypt(key: KeyObject, encrypted: string, context: string): string {
  const bytes = Buffer.from(encrypted, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
  decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-16))
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8')
}
