import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { WireText } from '@sspay/protocol'
import type { Merchant } from './merchant.ts'

/** The fields that the payment service posted, on their way through the buyer's browser. */
export interface ReturnState {
  readonly fields: WireText
  readonly expiresAt: Date
  /** The page that reloads itself, so that browsers send `Strict` cookies, was shown already. */
  readonly wasReloaded: boolean
}

/**
 * Why a redirected address is rejected. `broken`: changed, truncated, or of another merchant or address. `expired`:
 * older than ten minutes.
 */
export type ReturnStateFault = 'broken' | 'expired'

export type OpenedReturnState =
  | { readonly ok: true; readonly state: ReturnState }
  | { readonly ok: false; readonly fault: ReturnStateFault }

const cipher = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16

/** Encrypts and authenticates the fields, bound to `address`, so that they may stand in its query. */
export function encryptReturnState(merchant: Merchant, address: string, state: ReturnState): string {
  const iv = randomBytes(ivBytes)
  const encryption = createCipheriv(cipher, keyOf(merchant), iv).setAAD(boundTo(merchant, address))
  const text = JSON.stringify([state.expiresAt.getTime(), state.wasReloaded, state.fields])
  const encrypted = [iv, encryption.update(text, 'utf8'), encryption.final(), encryption.getAuthTag()]
  return Buffer.concat(encrypted).toString('base64url')
}

export function openReturnState(merchant: Merchant, address: string, encrypted: string): OpenedReturnState {
  const text = open(merchant, address, Buffer.from(encrypted, 'base64url'))
  if (text === undefined) return { ok: false, fault: 'broken' }
  const [expiresAt, wasReloaded, fields] = JSON.parse(text) as [number, boolean, WireText]
  if (merchant.now().getTime() > expiresAt) return { ok: false, fault: 'expired' }
  return { ok: true, state: { fields, expiresAt: new Date(expiresAt), wasReloaded } }
}

function open(merchant: Merchant, address: string, bytes: Buffer): string | undefined {
  if (bytes.length < ivBytes + tagBytes) return undefined
  const opening = createDecipheriv(cipher, keyOf(merchant), bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
  opening.setAAD(boundTo(merchant, address)).setAuthTag(bytes.subarray(-tagBytes))
  try {
    const text = opening.update(bytes.subarray(ivBytes, -tagBytes))
    return Buffer.concat([text, opening.final()]).toString('utf8')
  } catch {
    return undefined
  }
}

/** Derived, so that other uses of the merchantKey reveal nothing about this key. */
const keyOf = (merchant: Merchant): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', merchant.exposeMerchantKey(), merchant.merchantId, 'sspay return state 1', 32))

const boundTo = (merchant: Merchant, address: string): Uint8Array =>
  new TextEncoder().encode(`${merchant.merchantId}\n${address}`)
