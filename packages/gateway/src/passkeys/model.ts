/** A WebAuthn credential on the buyer's device that pays in place of the payment password. */
export interface Passkey {
  readonly passkeyId: string
  readonly memberId: string
  readonly createdAt: Date
  readonly lastUsedAt: Date | undefined
}

/** From the registration; base64url, as browsers write it; encrypted at rest. */
export interface Credential {
  readonly credentialId: string
  readonly publicKey: string
  /** How the browser reaches the device: `internal`, `hybrid`, `usb`… */
  readonly transports: readonly string[]
}

export interface KnownPasskey extends Passkey {
  readonly credential: Credential
  /** As the device last reported it; 0 from devices that do not count. */
  readonly signCount: number
}

/** `authorise`: pays. `bill_key`: opens the cards of a window that issues a bill key, and never pays. */
export type AuthenticationPurpose = 'authorise' | 'bill_key'

export type ChallengePurpose = 'register' | AuthenticationPurpose

/** What a challenge is bound to: window, member, and the payment or the registration, which has an amount of 0. */
export interface PasskeyUse {
  readonly sessionHash: string
  readonly memberId: string
  readonly transactionId: string
  readonly orderId: string
  /** Won. */
  readonly amount: number
}

/** Outcome of a WebAuthn ceremony. */
export type Finished<Rejection extends string> =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: Rejection }

/** The browser's answer to one challenge, as JSON text. */
export interface PasskeyAnswer {
  readonly challengeId: string
  readonly use: PasskeyUse
  readonly credentialText: string
  /** The only page that may show the window in a frame; undefined when none may. */
  readonly framedBy: string | undefined
}

export const mostPasskeys = 5

/** A challenge lives as long as a keypad. */
export const challengeLifeMs = 3 * 60_000

/** The host name without its port (WebAuthn relying party id). Undefined for a bare address. */
export function relyingPartyOf(host: string): string | undefined {
  const name = host.replace(/:[0-9]+$/, '')
  return name.startsWith('[') || /^[0-9.]+$/.test(name) ? undefined : name
}

/** Origins of this host: browsers allow passkeys over TLS and on localhost only. */
export function originsOf(host: string): string[] {
  const isOwnMachine = /^(.+\.)?localhost(:[0-9]+)?$/.test(host)
  return isOwnMachine ? [`https://${host}`, `http://${host}`] : [`https://${host}`]
}
