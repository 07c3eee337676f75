import { randomBytes } from 'node:crypto'

/** All that is not deterministic: the clock, randomness, timers and the one door out. */
export interface Runtime {
  now(): Date
  randomBytes(length: number): Uint8Array
  /** Outgoing HTTP. Rejects on transport trouble and when `timeoutMs` has passed. */
  fetch(url: string, request: OutgoingRequest): Promise<OutgoingAnswer>
  /** Runs `work` once after `delayMs`; the returned function stops it. */
  schedule(delayMs: number, work: () => void): () => void
}

export interface OutgoingRequest {
  readonly method: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly timeoutMs: number
}

export interface OutgoingAnswer {
  readonly status: number
  readonly body: Uint8Array
}

export const realRuntime: Runtime = {
  now: () => new Date(),
  randomBytes: (length) => randomBytes(length),
  async fetch(url, { method, headers = {}, body, timeoutMs }) {
    const answer = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: body as BodyInit }),
    })
    return { status: answer.status, body: new Uint8Array(await answer.arrayBuffer()) }
  },
  schedule(delayMs, work) {
    const timer = setTimeout(work, delayMs)
    timer.unref()
    return () => clearTimeout(timer)
  },
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
