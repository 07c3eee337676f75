import type { ConnectionBounds } from '../admission/bound-connections.ts'
import type { Rate } from './rate-limit.ts'

/** Bounds on requests of which the body has not arrived yet. */
export interface UnfinishedBounds {
  /** A whole body must have arrived this long after its head, in milliseconds. */
  readonly deadlineMs: number
  /** Bytes of all bodies that have not arrived yet. */
  readonly bytesInAll: number
  /** Requests of one address (IPv4, or an IPv6 /64 network) whose body has not arrived yet; beyond it the oldest is dropped. */
  readonly perAddress: number
}

/** Bounds on wrong payment passwords and wrong one-time codes, across members and windows. */
export interface GuessBounds {
  /** Wrong ones of an address before it has to wait. */
  readonly freePerAddress: number
  /** The same while the merchant whose forms are used is over its own number. */
  readonly freeUnderAttack: number
  readonly freePerMerchant: number
  /** One wrong guess of an address is forgotten after each of these times. */
  readonly forgetOfAddressMs: number
  readonly forgetOfMerchantMs: number
  /** How long an address waits once it has none left; twice as long after each further one, up to the longest. */
  readonly firstDelayMs: number
  readonly longestDelayMs: number
}

/** How much work the gateway takes on. What is over it is refused before anything is stored, and may come again. */
export interface Limits {
  /** Windows that one merchant's signed forms may open. */
  readonly windowsPerMerchant: Rate
  /** What one address gets of a merchant's windows while they run short: this part of its burst and of its rate. */
  readonly addressShareOfMerchant: number
  /** Windows that one signed form may open: the same merchant, signature and order. */
  readonly windowsPerForm: Rate
  /** Windows of the same merchant and signature. The signature covers no order, so orders of one second and amount share one. */
  readonly windowsPerSignature: Rate
  /** Windows that may be opened from one address: an IPv4 address or an IPv6 /64 network. */
  readonly windowsPerAddress: Rate
  /** Requests to one open window: its pages, keypad pictures and steps. */
  readonly requestsPerWindow: Rate
  /** The same from one address, to whichever windows. */
  readonly windowRequestsPerAddress: Rate
  /** One-time codes sent to one phone, across windows. */
  readonly codesPerPhone: Rate
  /** One-time codes that one window may send. */
  readonly codesPerWindow: number
  /** One-time codes that are asked for from one address, or in the windows of one merchant, or at all: each costs a text message. */
  readonly codesPerAddress: Rate
  readonly codesPerMerchant: Rate
  readonly codesInAll: Rate
  readonly guesses: GuessBounds
  /** Cards that the issuer has not confirmed to be a member's, by that member, */
  readonly cardFailuresPerMember: Rate
  /** by card number, whoever enters it, */
  readonly cardFailuresPerCard: Rate
  /** and from one address. */
  readonly cardFailuresPerAddress: Rate
  /** Calls of one kind (approvals, inquiries, …) that have begun and not ended, those included that wait for another service. */
  readonly inFlight: number
  /**
   * How long calls may spend in this process on average, in milliseconds, without the time of other services. While they take longer, fewer are
   * worked on at once; one that finds no place for as long as this is shed.
   */
  readonly latencyTargetMs: number
  readonly unfinished: UnfinishedBounds
  /** Open connections of each listener. */
  readonly connections: ConnectionBounds
  /** Merchants, addresses, windows and phones that each rate limit remembers. */
  readonly mostRememberedKeys: number
  /** Proxies of the operator that append to `X-Forwarded-For`; with 0 the address is the connection's. */
  readonly proxyHops: number
}
