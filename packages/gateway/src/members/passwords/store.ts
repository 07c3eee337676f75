import type { Context } from '../../context.ts'
import type { Transaction } from '../../storage/storage.ts'
import { type Attempts, countAttempt, mostAttempts } from '../attempts.ts'

type PasswordRow = {
  readonly password_hash: string | null
  readonly failed_attempts: number
  readonly attempts_decay_from: number | null
}

interface ClaimedAttempt {
  readonly passwordHash: string
  readonly triesLeft: number
}

/** Counts a try before anything is compared, so that parallel guesses cannot pass the limit. Undefined: no try is left. */
export function claimAttempt(
  { storage, runtime }: Pick<Context, 'storage' | 'runtime'>,
  memberId: string,
): Promise<ClaimedAttempt | undefined> {
  const now = runtime.now().getTime()
  return storage.transact(async (transaction) => {
    const [row] = await transaction.read<PasswordRow>(
      `select password_hash, failed_attempts, attempts_decay_from from members where member_id = ?1 ${transaction.lock.wait}`,
      [memberId],
    )
    if (row === undefined || row.password_hash === null || row.failed_attempts >= mostAttempts) return undefined
    const { failed, decayFrom } = countAttempt(attemptsOf(row, now), now)
    await transaction.write(
      'update members set failed_attempts = ?2, attempts_decay_from = ?3, locked_at = ?4 where member_id = ?1',
      [memberId, failed, decayFrom, failed >= mostAttempts ? now : null],
    )
    return { passwordHash: row.password_hash, triesLeft: mostAttempts - failed }
  })
}

/** Takes back the try of {@link claimAttempt}. False when the password was replaced since `passwordHash` was read. */
export async function returnAttempt(
  { storage }: Pick<Context, 'storage'>,
  memberId: string,
  passwordHash: string,
): Promise<boolean> {
  const changed = await storage.transact((transaction) =>
    transaction.write(
      `update members set locked_at = null,
         failed_attempts = case when failed_attempts > 0 then failed_attempts - 1 else 0 end
       where member_id = ?1 and password_hash = ?2`,
      [memberId, passwordHash],
    ),
  )
  return changed === 1
}

/** False when a password is there already: only a new identity verification makes room for another. */
export async function insertPassword(
  { storage }: Pick<Context, 'storage'>,
  memberId: string,
  passwordHash: string,
): Promise<boolean> {
  const changed = await storage.transact((transaction) =>
    transaction.write(
      `update members set password_hash = ?2, failed_attempts = 0, locked_at = null
       where member_id = ?1 and password_hash is null`,
      [memberId, passwordHash],
    ),
  )
  return changed === 1
}

/** The same password, hashed with the pepper of the current root key; a password that was replaced since stays. */
export async function replaceHash(
  { storage }: Pick<Context, 'storage'>,
  memberId: string,
  hashes: { readonly from: string; readonly to: string },
): Promise<void> {
  await storage.transact((transaction) =>
    transaction.write('update members set password_hash = ?3 where member_id = ?1 and password_hash = ?2', [
      ...[memberId, hashes.from, hashes.to],
    ]),
  )
}

/** The lock goes with it: a new password can be set. */
export const clearPassword = (transaction: Transaction, memberId: string): Promise<number> =>
  transaction.write(
    'update members set password_hash = null, failed_attempts = 0, locked_at = null where member_id = ?1',
    [memberId],
  )

const attemptsOf = (row: PasswordRow, now: number): Attempts => ({
  failed: row.failed_attempts,
  decayFrom: row.attempts_decay_from ?? now,
})
