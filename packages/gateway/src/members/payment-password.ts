import type { Context } from '../context.ts'
import { releaseSlotWhile } from '../http/current-request.ts'
import { countRefusal } from '../http/refusals.ts'
import { createHashQueue, type HashQueue } from './hash-queue.ts'
import { isSamePerson, type MemberIdentity } from './model.ts'
import { argon2Hasher, type PasswordHasher } from './password-hash.ts'
import {
  claimAttempt,
  findMemberIdentity,
  forgetAttempts,
  insertPassword,
  replaceHash,
  replaceIdentity,
} from './store.ts'
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
  ...{ atOnce: 2, mostWaiting: 64 },
  onRefused: () => countRefusal('password', 'in_all'),
})

/** Sets the first password, or the first one after {@link reverify}. Throws for anything but six digits. */
export async function setPaymentPassword(
  context: Needed,
  memberId: string,
  digits: string,
  hasher: PasswordHasher = argon2Hasher,
): Promise<SetPasswordResult> {
  if (!/^[0-9]{6}$/.test(digits)) throw new RangeError('a payment password has six digits')
  const identity = await findMemberIdentity(context, memberId)
  if (identity === undefined) throw new Error('there is no such member')
  if (isTrivialPassword(digits, identity)) return { ok: false, reason: 'password_trivial' }

  const passwordHash = await releaseSlotWhile(() => passwordQueue.run(() => hasher.hash(context, digits)))
  if (passwordHash === undefined) return { ok: false, reason: 'overloaded' }
  const isSet = await insertPassword(context, memberId, passwordHash)
  return isSet ? { ok: true } : { ok: false, reason: 'password_already_set' }
}

/** Each call that is not refused as overloaded costs one of five tries, across windows and restarts, until one matches. */
export async function checkPaymentPassword(
  context: Needed,
  memberId: string,
  digits: string,
  hasher: PasswordHasher = argon2Hasher,
): Promise<CheckPasswordResult> {
  const checked = await releaseSlotWhile(() => passwordQueue.run(() => check(context, memberId, digits, hasher)))
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
  if (matched !== false && (await forgetAttempts(context, memberId, attempt.passwordHash))) {
    if (matched === 'under_former_key')
      await replaceHash(context, memberId, { from: attempt.passwordHash, to: await hasher.hash(context, digits) })
    return { result: 'matches' }
  }
  return attempt.triesLeft === 0 ? { result: 'locked' } : { result: 'wrong', triesLeft: attempt.triesLeft }
}

export type ReverifyResult = { readonly ok: true } | { readonly ok: false; readonly reason: 'identity_differs' }

/** Whether the same person verified again. Nothing is cleared: for what asks for more than the password, and keeps it. */
export async function confirmIdentity(
  context: Pick<Needed, 'storage' | 'keyRing'>,
  memberId: string,
  identity: MemberIdentity,
): Promise<ReverifyResult> {
  const known = await findMemberIdentity(context, memberId)
  const isSame = known !== undefined && isSamePerson(known, identity)
  return isSame ? { ok: true } : { ok: false, reason: 'identity_differs' }
}

/** The only way out of a lock: the same person verifies again; lock and password are cleared, and a new one can be set. */
export async function reverify(context: Needed, memberId: string, identity: MemberIdentity): Promise<ReverifyResult> {
  const confirmed = await confirmIdentity(context, memberId, identity)
  if (confirmed.ok) await replaceIdentity(context, memberId, identity)
  return confirmed
}
