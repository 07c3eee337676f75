import { hash, verify } from '@node-rs/argon2'
import type { Context } from '../context.ts'

/** Slow on purpose; replaced in tests that count. */
export interface PasswordHasher {
  hash(context: Pick<Context, 'keyRing' | 'runtime'>, digits: string): Promise<string>
  matches(context: Pick<Context, 'keyRing'>, passwordHash: string, digits: string): Promise<boolean>
}

const argon2id = 2

/** Argon2id, 19 MiB, two passes. The pepper stands outside the database: six digits alone would fall in hours. */
export const argon2Hasher: PasswordHasher = {
  hash: ({ keyRing, runtime }, digits) =>
    hash(digits, {
      algorithm: argon2id,
      memoryCost: 19 * 1024,
      timeCost: 2,
      parallelism: 1,
      secret: keyRing.pepper,
      salt: runtime.randomBytes(16),
    }),
  matches: ({ keyRing }, passwordHash, digits) => verify(passwordHash, digits, { secret: keyRing.pepper }),
}
