import { hash, verify } from '@node-rs/argon2'
import { countRejection } from '../admission/rejections.ts'
import type { Context } from '../context.ts'

/** Slow on purpose; tests that count replace it. */
export interface PasswordHasher {
  hash(context: Context, digits: string): Promise<string>
  /** `under_former_key`: right, with the pepper of a replaced root key. */
  matches(context: Context, passwordHash: string, digits: string): Promise<boolean | 'under_former_key'>
}

const argon2id = 2

/** Argon2id with a pepper: six digits alone would be guessed in hours. `memoryCost` in KiB. */
export const createArgon2Hasher = (cost: { memoryCost: number; timeCost: number }): PasswordHasher => ({
  hash: ({ keyRing, runtime }, digits) =>
    hash(digits, {
      algorithm: argon2id,
      ...cost,
      parallelism: 1,
      secret: keyRing.pepper,
      salt: runtime.randomBytes(16),
    }),
  async matches({ keyRing }, passwordHash, digits) {
    if (await verify(passwordHash, digits, { secret: keyRing.pepper })) return true
    for (const secret of keyRing.formerPeppers)
      if (await verify(passwordHash, digits, { secret })) return 'under_former_key'
    return false
  },
})

/** 19 MiB, two passes (OWASP). */
export const argon2Hasher = createArgon2Hasher({ memoryCost: 19 * 1024, timeCost: 2 })

/** Concurrency limiter with a bounded queue. */
export interface HashQueue {
  /** Undefined, without running `work`, when the queue is full. */
  run<Result>(work: () => Promise<Result>): Promise<Result | undefined>
  readonly running: number
  readonly waiting: number
}

export function createHashQueue(atOnce: number, mostWaiting: number): HashQueue {
  const waiting: (() => void)[] = []
  let running = 0

  return {
    async run(work) {
      if (running >= atOnce) {
        if (waiting.length >= mostWaiting) {
          countRejection('password', 'in_all')
          return undefined
        }
        // A finished job hands its slot to the first in the queue (FIFO).
        await new Promise<void>((resolve) => waiting.push(resolve))
      } else running += 1
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next === undefined) running -= 1
        else next()
      }
    },
    get running() {
      return running
    },
    get waiting() {
      return waiting.length
    },
  }
}
