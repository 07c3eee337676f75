import type { Limits } from './admission/limits.ts'
import type { Diagnose } from './diagnosis.ts'
import type { PublicHosts } from './http/public-host.ts'
import type { KeyRing } from './keyring.ts'
import type { Log } from './logging/log.ts'
import type { Runtime } from './runtime.ts'
import type { Storage } from './storage/storage.ts'

/** Dependencies of the use cases; each declares the part it needs. */
export interface Context {
  readonly runtime: Runtime
  readonly storage: Storage
  readonly keyRing: KeyRing
  readonly log: Log
  readonly settings: Settings
  /** Explains wrong signatures in a sandbox; absent in production. */
  readonly diagnose?: Diagnose | undefined
}

/** Durations in milliseconds. See `settings.ts` for the defaults. */
export interface Settings {
  /** From opening the window to the buyer's authentication. */
  readonly windowLifeMs: number
  /** From authentication to the shop's approval call. */
  readonly ticketLifeMs: number
  readonly keypadLifeMs: number
  readonly identityCodeLifeMs: number
  /** After this the outcome of an authorization is indeterminate; below the shop's read timeout. */
  readonly cardNetworkTimeoutMs: number
  /** An authorization that is still indeterminate after this is reversed. */
  readonly reverseAfterMs: number
  readonly identityTimeoutMs: number
  /** Timeout of a notification delivery. */
  readonly notificationTimeoutMs: number
  /** How long a repeated approval call replays the first answer. */
  readonly answerReplayMs: number
  readonly bodyLimitBytes: number
  readonly limits: Limits
  /** How long payments are kept whose buyer never authenticated. */
  readonly keepUnauthenticatedMs: number
  /** The header in which a login proxy in front of the console names the user. */
  readonly consoleUserHeader: string | undefined
  /** Records every call in and out for the console, masked; costs throughput. */
  readonly requestLog: RequestLogSettings
  /** Host names of the payment window; any in a sandbox. */
  readonly publicHosts?: PublicHosts
  /** Shown to buyers: who runs the service, and the phone number of its customer care, empty for none. */
  readonly service: { readonly name: string; readonly phone: string }
  /** Marks pages as test, and allows shops over plain HTTP. */
  readonly isSandbox: boolean
  /** Whether the card network has apps of the issuers, see `IssuerApps`. Default: false. */
  readonly offersIssuerApps?: boolean
  /** Allows notifications to private networks, such as other containers: for sandboxes. Default: false. */
  readonly reachesPrivateNetworks?: boolean
}

/** Calls are deleted after `keepMs`, and beyond the newest `mostRows`. */
export type RequestLogSettings = 'off' | { readonly keepMs: number; readonly mostRows: number }
