import { randomBytes } from 'node:crypto'
import { createGuardedFetch } from './outgoing/guarded-fetch.ts'
import { createKeptClient } from './outgoing/kept-connections.ts'
import type { OutgoingAnswer, OutgoingRequest, Schedule } from './outgoing/model.ts'

/** All that is not deterministic: the clock, randomness, timers and the one door out. */
export interface Runtime {
  now(): Date
  randomBytes(length: number): Uint8Array
  /**
   * Outgoing HTTP, redirects not followed. Rejects on transport trouble, after `timeoutMs`, for an answer above 1 MiB, and with an
   * `AddressRejectedError` for what the request's guard does not let through.
   */
  fetch(url: string, request: OutgoingRequest): Promise<OutgoingAnswer>
  readonly schedule: Schedule
}

const schedule: Schedule = (delayMs, work) => {
  const timer = setTimeout(work, delayMs)
  timer.unref()
  return () => clearTimeout(timer)
}

const fetchGuarded = createGuardedFetch({ schedule })
const fetchKept = createKeptClient({ schedule })

const drawnAtOnce = 4096

/** Asking the system costs the same for a few bytes as for many; what was given out is not kept. */
function createRandomBytes(): Runtime['randomBytes'] {
  let drawn = Buffer.alloc(0)
  return (length) => {
    if (length > drawnAtOnce / 16) return randomBytes(length)
    if (drawn.length < length) drawn = randomBytes(drawnAtOnce)
    const given = Uint8Array.from(drawn.subarray(0, length))
    drawn.fill(0, 0, length)
    drawn = drawn.subarray(length)
    return given
  }
}

/** The machine's own clock, chance and network. */
export const realRuntime: Runtime = {
  now: () => new Date(),
  randomBytes: createRandomBytes(),
  fetch: (url, { guard, ...request }) =>
    guard === undefined ? fetchKept(url, request) : fetchGuarded(url, { ...request, guard }),
  schedule,
}

/** Unguessable text of `bytes` random bytes, lower-case hexadecimal. */
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
