import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import type { Runtime } from './runtime.ts'
import type { Secret } from './secret.ts'

/** The keys that live outside the database. Everything personal or secret in a table went through `seal` or `fingerprint`. */
export interface KeyRing {
  /** AES-256-GCM; `context` (for example `card:<memberId>`) is authenticated and must be the same when opening. */
  encrypt(plaintext: string, context: string): string
  /** Throws when the text, the key or the context is not the one sealed with. */
  open(encrypted: string, context: string): string
  /** HMAC-SHA-256 as hexadecimal: equal inputs can be found without storing them. */
  fingerprint(value: string, context: string): string
  /** The same under every root key there has been, the current one first: for looking up and comparing what is stored. */
  fingerprints(value: string, context: string): readonly string[]
  /** Goes into the password hash, so that a copy of the database alone does not allow guessing. */
  readonly pepper: Uint8Array
  /** Those of earlier root keys, the latest first. */
  readonly formerPeppers: readonly Uint8Array[]
  /** Tells root keys apart; says nothing about them. */
  readonly keyId: string
  /** Whether a sealed text is known to be under the current root key. Only a ring of several keys marks its texts. */
  isCurrent(encrypted: string): boolean
}

/** What is kept of a root key that was replaced: enough to look up and compare, not to decrypt. */
export interface FormerKey {
  readonly keyId: string
  /** Hexadecimal. */
  readonly fingerprintKey: string
  readonly pepper: string
}

export interface OtherKeys {
  /** Root keys that decrypt too, for as long as the root key is being replaced. */
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

/** No character of Base64: what begins with eight others and this one names its key. */
const mark = '.'
const markAt = 2 * keyIdBytes

interface EncryptionKey {
  readonly keyId: string
  readonly key: KeyObject
}

/**
 * `rootKey`: 64 hexadecimal characters (32 random bytes); it seals. A ring of one key writes texts without its id, as every version could
 * read them. A ring of several marks what it writes, so that what is not under the current key yet can be found; without a mark it may be any.
 */
export function createKeyRing(
  runtime: Runtime,
  rootKey: Secret,
  { others = [], former = [] }: OtherKeys = {},
): KeyRing {
  const encryptionKeys = [rootKey, ...others].map((key) => ({
    keyId: keyIdOf(key),
    key: createSecretKey(derive(key, 'sealing')),
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
    open: (encrypted, context) => openWithAny(encryptionKeys, encrypted, context),
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

/** By its mark; what has none is tried with each key, those of earlier times first. */
function openWithAny(keys: readonly EncryptionKey[], encrypted: string, context: string): string {
  const isMarked = encrypted[markAt] === mark
  const text = isMarked ? encrypted.slice(markAt + 1) : encrypted
  const candidates = isMarked ? keys.filter(({ keyId }) => encrypted.startsWith(keyId)) : keys.toReversed()
  const [last] = candidates.slice(-1)
  if (last === undefined) throw new Error('sealed with a root key that this gateway does not have')
  for (const { key } of candidates.slice(0, -1)) {
    try {
      return open(key, text, context)
    } catch {
      // Sealed with another one.
    }
  }
  return open(last.key, text, context)
}

function open(key: KeyObject, encrypted: string, context: string): string {
  const bytes = Buffer.from(encrypted, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
  decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-16))
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8')
}
