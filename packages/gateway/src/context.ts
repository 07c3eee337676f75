import type { Diagnose } from './diagnosis.ts'
import type { Limits } from './http/limits.ts'
import type { PublicHosts } from './http/public-host.ts'
import type { KeyRing } from './keyring.ts'
import type { Log } from './log.ts'
import type { Runtime } from './runtime.ts'
import type { Storage } from './storage/storage.ts'

/** What every use case may need; each takes the part it uses. */
export interface Context {
  readonly runtime: Runtime
  readonly storage: Storage
  readonly keyRing: KeyRing
  readonly log: Log
  readonly settings: Settings
  /** Explains wrong signatures in a sandbox; absent in production. */
  readonly diagnose?: Diagnose | undefined
}

/** All durations in milliseconds. Security limits have no hidden default: main.ts and the tests name each. */
export interface Settings {
  /** From the window's opening until the buyer has authenticated. */
  readonly windowLifeMs: number
  /** From authentication until the shop's server must have approved. */
  readonly ticketLifeMs: number
  readonly keypadLifeMs: number
  readonly identityCodeLifeMs: number
  /** How long the card network may stay silent before the outcome counts as unresolved; below the shop's read time-out. */
  readonly cardNetworkTimeoutMs: number
  /** How long an outcome may stay unknown before the payment is reversed. */
  readonly reverseAfterMs: number
  readonly identityTimeoutMs: number
  /** How long a shop may take for its whole answer to a notice. */
  readonly notificationTimeoutMs: number
  /** How long a repeated approval gets the first answer again. */
  readonly answerReplayMs: number
  readonly bodyLimitBytes: number
  readonly limits: Limits
  /** How long a payment is kept whose buyer never authenticated; nothing was charged, and nobody holds a ticket of it. */
  readonly keepUnauthenticatedMs: number
  /** The header in which a proxy in front of the console names who is signed in; undefined where there is none. */
  readonly consoleUserHeader: string | undefined
  /** Whether the console shows every call in and out; nothing of it is secret, but writing it costs time. */
  readonly requestLog: RequestLogSettings
  /** Names under which buyers reach the gateway; any in a sandbox. */
  readonly publicHosts?: PublicHosts
  /** Shows the word "test" to buyers and allows plain-http shops. */
  readonly isSandbox: boolean
}

/** A call is forgotten after `keepMs`, and earlier when more than `mostRows` newer ones are kept. */
export type RequestLogSettings = 'off' | { readonly keepMs: number; readonly mostRows: number }
