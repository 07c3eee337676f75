import { hash, verify } from '@node-rs/argon2'
import type { Context } from '../context.ts'

/** Slow on purpose; replaced in tests that count. */
export interface PasswordHasher {
  hash(context: Pick<Context, 'keyRing' | 'runtime'>, digits: string): Promise<string>
  /** `under_former_key`: right, and made with the pepper of a root key that was replaced. */
  matches(
    context: Pick<Context, 'keyRing'>,
    passwordHash: string,
    digits: string,
  ): Promise<boolean | 'under_former_key'>
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
  async matches({ keyRing }, passwordHash, digits) {
    if (await verify(passwordHash, digits, { secret: keyRing.pepper })) return true
    for (const secret of keyRing.formerPeppers)
      if (await verify(passwordHash, digits, { secret })) return 'under_former_key'
    return false
  },
}
