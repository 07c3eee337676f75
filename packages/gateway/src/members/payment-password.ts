import { countRejection } from '../admission/rejections.ts'
import type { Context } from '../context.ts'
import { excludeWait } from '../logging/current-request.ts'
import { createHashQueue, type HashQueue } from './hash-queue.ts'
import { argon2Hasher, type PasswordHasher } from './password-hash.ts'
import { claimAttempt, findMemberIdentity, insertPassword, replaceHash, returnAttempt } from './store.ts'
import { isTrivialPassword } from './trivial-password.ts'

export type SetPasswordResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'password_trivial' | 'password_already_set' | 'overloaded' }

/** `locked`: also for a member without a password, who like a locked one has to verify the identity first. */
export type CheckPasswordResult =
  | { readonly result: 'matches' }
  | { readonly result: 'wrong'; readonly triesLeft: number }
  | { readonly result: 'locked' }
  | { readonly result: 'overloaded' }

type Needed = Pick<Context, 'storage' | 'keyRing' | 'runtime'>

/** One hash takes 20 ms of a core and 19 MiB: the process, not each window, has this limit. */
export const passwordQueue: HashQueue = createHashQueue({
  atOnce: 2,
  mostWaiting: 64,
  onRejected: () => countRejection('password', 'in_all'),
})

/** Sets the first password, or the first one after a reset. Throws for anything but six digits. */
export async function setPaymentPassword(
  context: Needed,
  memberId: string,
  digits: string,
  hasher: PasswordHasher = argon2Hasher,
): Promise<SetPasswordResult> {
  if (!/^[0-9]{6}$/.test(digits)) throw new RangeError('a payment password has six digits')
  if (isTrivialPassword(digits, await findMemberIdentity(context, memberId)))
    return { ok: false, reason: 'password_trivial' }

  const passwordHash = await excludeWait(() => passwordQueue.run(() => hasher.hash(context, digits)))
  if (passwordHash === undefined) return { ok: false, reason: 'overloaded' }
  const isSet = await insertPassword(context, memberId, passwordHash)
  return isSet ? { ok: true } : { ok: false, reason: 'password_already_set' }
}

/** Each wrong password costs one of five tries, across windows, restarts and payments; a day gives one back. */
export async function checkPaymentPassword(
  context: Needed,
  memberId: string,
  digits: string,
  hasher: PasswordHasher = argon2Hasher,
): Promise<CheckPasswordResult> {
  const checked = await excludeWait(() => passwordQueue.run(() => check(context, memberId, digits, hasher)))
  return checked ?? { result: 'overloaded' }
}

async function check(
  context: Needed,
  memberId: string,
  digits: string,
  hasher: PasswordHasher,
): Promise<CheckPasswordResult> {
  const attempt = await claimAttempt(context, memberId)
  if (attempt === undefined) return { result: 'locked' }
  const matched = await hasher.matches(context, attempt.passwordHash, digits)
  if (matched !== false && (await returnAttempt(context, memberId, attempt.passwordHash))) {
    if (matched === 'under_former_key')
      await replaceHash(context, memberId, { from: attempt.passwordHash, to: await hasher.hash(context, digits) })
    return { result: 'matches' }
  }
  return attempt.triesLeft === 0 ? { result: 'locked' } : { result: 'wrong', triesLeft: attempt.triesLeft }
}
