import type { MemberIdentity } from './model.ts'

/**
 * Six digits that a thief tries first: one digit repeated, runs up or down, a pair or triple repeated, and, of a member whose identity is
 * known, the year or day of birth and a block of the phone number.
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
