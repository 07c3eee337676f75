import type { Context } from '../context.ts'
import { excludeWait } from '../logging/current-request.ts'
import type { MemberIdentity } from './model.ts'
import { argon2Hasher, createHashQueue, type HashQueue, type PasswordHasher } from './password-hash.ts'
import { claimAttempt, findMemberIdentity, insertPassword, replaceHash, returnAttempt } from './store.ts'

export type SetPasswordResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'password_trivial' | 'password_already_set' | 'overloaded' }

/** Lockout after five wrong passwords. `locked`: also without a password, since both must verify the identity first. */
export type CheckPasswordResult =
  | { readonly result: 'matches' }
  | { readonly result: 'wrong'; readonly triesLeft: number }
  | { readonly result: 'locked' }
  | { readonly result: 'overloaded' }

/** One per process, two at once and 64 waiting: a hash takes 20 ms of a core and 19 MiB. */
export const passwordQueue: HashQueue = createHashQueue(2, 64)

/** Sets the first password, also after a reset. @throws RangeError for anything but six digits. */
export async function setPaymentPassword(
  context: Context,
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

/** Five wrong passwords lock the member, across windows, restarts and payments; one a day decays. */
export async function checkPaymentPassword(
  context: Context,
  memberId: string,
  digits: string,
  hasher: PasswordHasher = argon2Hasher,
): Promise<CheckPasswordResult> {
  const check = async (): Promise<CheckPasswordResult> => {
    const attempt = await claimAttempt(context, memberId)
    if (attempt === undefined) return { result: 'locked' }
    const { passwordHash: from, triesLeft } = attempt
    const matched = await hasher.matches(context, from, digits)
    if (matched !== false && (await returnAttempt(context, memberId, from))) {
      if (matched === 'under_former_key')
        await replaceHash(context, memberId, { from, to: await hasher.hash(context, digits) })
      return { result: 'matches' }
    }
    return triesLeft === 0 ? { result: 'locked' } : { result: 'wrong', triesLeft }
  }
  return (await excludeWait(() => passwordQueue.run(check))) ?? { result: 'overloaded' }
}

/**
 * Easily guessed: a repeated digit, pair or triple, a run up or down, and, of a verified member, the year or day of
 * birth and a block of the phone number.
 */
export function isTrivialPassword(
  digits: string,
  identity: Pick<MemberIdentity, 'birthDate' | 'phone'> | undefined,
): boolean {
  const personal = identity === undefined ? [] : personalParts(identity)
  return isRepetition(digits) || isRun(digits) || personal.some((part) => digits.includes(part))
}

const isRepetition = (digits: string): boolean => /^(\d{1,3})\1+$/.test(digits)

/** 9 is followed by 0, as on a keyboard: 890123 is a run. */
function isRun(digits: string): boolean {
  const steps = [...digits].slice(1).map((digit, index) => (Number(digit) - Number(digits[index]) + 10) % 10)
  return steps.every((step) => step === 1) || steps.every((step) => step === 9)
}

function personalParts({ birthDate, phone }: Pick<MemberIdentity, 'birthDate' | 'phone'>): readonly string[] {
  const [year, month, day] = [birthDate.slice(0, 4), birthDate.slice(4, 6), birthDate.slice(6, 8)]
  const phoneBlocks = [phone.slice(3, -4), phone.slice(-4)]
  const phoneWindows = Array.from({ length: Math.max(0, phone.length - 5) }, (_, from) => phone.slice(from, from + 6))
  return [year, month + day, day + month, ...phoneBlocks, ...phoneWindows].filter((part) => part.length >= 4)
}
