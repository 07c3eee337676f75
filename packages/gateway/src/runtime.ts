import { randomBytes } from 'node:crypto'
import { createGuardedFetch } from './outgoing/guarded-fetch.ts'
import { createKeptClient } from './outgoing/kept-connections.ts'
import type { Fetch } from './outgoing/model.ts'
import type { Schedule } from './within.ts'

/** Everything that is not deterministic: clock, randomness, timers and outgoing HTTP. */
export interface Runtime {
  now(): Date
  /** The real time, where `now` is shifted: what is compared with the clocks of others. Default: `now`. */
  wallClock?(): Date
  randomBytes(length: number): Uint8Array
  /**
   * Outgoing HTTP; does not follow redirects. Rejects on connection errors, after `timeoutMs`, for an answer above 1
   * MiB, and with an `AddressRejectedError` for a target that the request's guard forbids.
   */
  readonly fetch: Fetch
  readonly schedule: Schedule
}

const schedule: Schedule = (delayMs, work, isAwaited = false) => {
  const timer = setTimeout(work, delayMs)
  if (!isAwaited) timer.unref()
  return () => clearTimeout(timer)
}

const fetchGuarded = createGuardedFetch({ schedule })
const fetchKept = createKeptClient({ schedule })

const poolBytes = 4096

/** Pooled: a system call costs the same for few bytes as for many. Used bytes are wiped. */
function createRandomBytes(): Runtime['randomBytes'] {
  let drawn = Buffer.alloc(0)
  return (length) => {
    if (length > poolBytes / 16) return randomBytes(length)
    if (drawn.length < length) drawn = randomBytes(poolBytes)
    const given = Uint8Array.from(drawn.subarray(0, length))
    drawn.fill(0, 0, length)
    drawn = drawn.subarray(length)
    return given
  }
}

/** Clock, randomness and outgoing HTTP of the process. */
export const realRuntime: Runtime = {
  now: () => new Date(),
  randomBytes: createRandomBytes(),
  fetch: (url, { guard, ...request }) =>
    guard === undefined ? fetchKept(url, request) : fetchGuarded(url, { ...request, guard }),
  schedule,
}

/** `bytes` random bytes as lower-case hexadecimal. */
export const randomHex = (runtime: Runtime, bytes: number): string =>
  Buffer.from(runtime.randomBytes(bytes)).toString('hex')

/** Uniform integer in [0, limit), without modulo bias. */
export function randomBelow(runtime: Runtime, limit: number): number {
  const ceiling = Math.floor(2 ** 32 / limit) * limit
  for (;;) {
    const drawn = Buffer.from(runtime.randomBytes(4)).readUInt32BE()
    if (drawn < ceiling) return drawn % limit
  }
}
