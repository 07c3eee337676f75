/** A token bucket: `burst` tokens, and one more every `refillEveryMs`. */
export interface Rate {
  readonly burst: number
  readonly refillEveryMs: number
}

const rate = (burst: number, refillEveryMs: number): Rate => ({ burst, refillEveryMs })

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** Slowloris protection: bounds on requests whose body has not fully arrived. */
const unfinished = {
  /** From the head of a request to the end of its body. */
  deadlineMs: 3_000,
  /** Bytes of all unfinished bodies together. */
  bytesInAll: 64 * 1024 * 1024,
  /** Unfinished requests of one client network; beyond it the oldest is dropped. */
  perAddress: 256,
}

/** Open connections of each listener. */
const connections = {
  /** Of one client network. Not applied behind proxies, which bring many clients each. */
  perAddress: 2_000,
  inAll: 10_000,
}

/** Brute-force protection: bounds on wrong payment passwords and one-time codes, across members and windows. */
const guesses = {
  /** Wrong guesses of one address before delays begin. */
  freePerAddress: 30,
  /** The same while the merchant is above `freePerMerchant`. */
  freeUnderAttack: 3,
  freePerMerchant: 500,
  /** One wrong guess of an address is forgotten per interval. */
  forgetOfAddressMs: minuteMs,
  forgetOfMerchantMs: 500,
  /** Exponential backoff: doubles with each further wrong guess, up to `longestDelayMs`. */
  firstDelayMs: 1_000,
  longestDelayMs: 5 * minuteMs,
}

export type UnfinishedBounds = Readonly<typeof unfinished>
export type ConnectionBounds = Readonly<typeof connections>
export type GuessBounds = Readonly<typeof guesses>

/** Rate and concurrency limits. A request over a limit is rejected before anything is stored, and may be retried. */
export const defaultLimits = {
  /** Windows opened by one merchant's signed forms. */
  windowsPerMerchant: rate(2_000, 10),
  /** The fraction of a merchant's burst and rate that one address gets while they run short. */
  addressShareOfMerchant: 0.05,
  /** Windows opened by one signed form. With a lifetime of half an hour, about ten are open at once. */
  windowsPerForm: rate(10, 30 * minuteMs),
  /**
   * Windows of one merchant and signature. The signature covers no order: orders of one second and amount share one.
   */
  windowsPerSignature: rate(500, 30_000),
  /** Windows opened from one address (IPv4, or an IPv6 /64). Mobile carriers put many phones behind one (CGNAT). */
  windowsPerAddress: rate(500, 200),
  /**
   * Requests to one open window: its pages, keypad pictures and steps. A page with its keypad is two, a step one more.
   */
  requestsPerWindow: rate(120, 500),
  /** The same from one address, across windows. */
  windowRequestsPerAddress: rate(3_000, 10),
  /** One-time codes sent to one phone, across windows. */
  codesPerPhone: rate(5, 10 * minuteMs),
  codesPerWindow: 5,
  /** One-time codes requested from one address, in the windows of one merchant, and in total: each costs a message. */
  codesPerAddress: rate(50, 12_000),
  codesPerMerchant: rate(500, 500),
  codesInAll: rate(2_000, 100),
  guesses: guesses as GuessBounds,
  /** Failed card verifications. Two digits of the card password are asked for: five guesses a day. */
  cardFailuresPerMember: rate(5, dayMs / 5),
  cardFailuresPerCard: rate(5, dayMs / 5),
  cardFailuresPerAddress: rate(20, 3 * minuteMs),
  /** In-flight calls of one kind (approvals, inquiries, …), including those that wait for another service. */
  inFlight: 1_000,
  /**
   * Target of the mean latency in this process, without the time of other services. Above it the concurrency limit
   * falls; a call that waits this long for a slot is shed.
   */
  targetLatencyMs: 30,
  connections: connections as ConnectionBounds,
  unfinished: unfinished as UnfinishedBounds,
  /** Keys (merchants, addresses, windows, phones) that each rate limit keeps in memory. */
  mostRememberedKeys: 50_000,
  /** Proxies that append to `X-Forwarded-For`; with 0 the address is the connection's. */
  proxyHops: 0,
}

export type Limits = Readonly<typeof defaultLimits>
