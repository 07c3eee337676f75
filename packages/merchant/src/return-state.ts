import type { WireText } from '@sspay/protocol'
import { decryptBound, encryptBound } from './bound-encryption.ts'
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

/** Encrypts and authenticates the fields, bound to `address`, so that they may stand in its query. */
export const encryptReturnState = (merchant: Merchant, address: string, state: ReturnState): string =>
  encryptBound(
    merchant,
    bindingOf(address),
    JSON.stringify([state.expiresAt.getTime(), state.wasReloaded, state.fields]),
  )

export function openReturnState(merchant: Merchant, address: string, encrypted: string): OpenedReturnState {
  const text = decryptBound(merchant, bindingOf(address), encrypted)
  if (text === undefined) return { ok: false, fault: 'broken' }
  const [expiresAt, wasReloaded, fields] = JSON.parse(text) as [number, boolean, WireText]
  if (merchant.now().getTime() > expiresAt) return { ok: false, fault: 'expired' }
  return { ok: true, state: { fields, expiresAt: new Date(expiresAt), wasReloaded } }
}

const bindingOf = (address: string) => ({ purpose: 'sspay return state 1', boundTo: address }) as const
