import type { Rate } from './rate-limit.ts'

/** Bounds on requests of which the body has not arrived yet. */
export interface UnfinishedBounds {
  /** A whole body must have arrived this long after its head, in milliseconds. */
  readonly deadlineMs: number
  /** Bytes of all bodies that have not arrived yet. */
  readonly bytesInAll: number
  /** Requests of one address whose body has not arrived yet: an IPv4 address or an IPv6 /64 network. */
  readonly perAddress: number
}

/** How much work the gateway takes on. What is over it is refused before anything is stored, and may come again. */
export interface Limits {
  /** Windows that one merchant's signed forms may open. */
  readonly windowsPerMerchant: Rate
  /** Windows that may be opened from one address: an IPv4 address or an IPv6 /64 network. */
  readonly windowsPerAddress: Rate
  /** One-time codes sent to one phone, across windows. */
  readonly codesPerPhone: Rate
  /** One-time codes that one window may send. */
  readonly codesPerWindow: number
  /**
   * Approvals that run at the same time, in all and of one merchant. As many cancellations and as many deletions of members may run
   * beside them, and four times as many inquiries.
   */
  readonly approvalsAtOnce: number
  readonly approvalsPerMerchantAtOnce: number
  /**
   * How long an approval may be in the gateway on average, in milliseconds and without the card network's time. While it takes longer, fewer are
   * let in, and the others are refused before they are read.
   */
  readonly calmMs: number
  readonly unfinished: UnfinishedBounds
  /** Merchants, addresses and phones that each rate limit remembers. */
  readonly mostRememberedKeys: number
  /** Proxies of the operator that append to `X-Forwarded-For`; with 0 the address is the connection's. */
  readonly proxyHops: number
}
