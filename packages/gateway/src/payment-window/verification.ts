import type { Verification } from './model.ts'

/** A message may be slow; another one before would only make the first worthless. */
const resendAfterMs = 30_000

/** Milliseconds until the code is worth nothing, 0 when it is so already. */
export const codeTimeLeft = ({ sentAt, isOver }: Verification, now: Date, codeLifeMs: number): number =>
  isOver === true ? 0 : Math.max(0, sentAt + codeLifeMs - now.getTime())

/** Milliseconds until another code may be sent. Who can do nothing with the last one need not wait. */
export const resendWait = (verification: Verification, now: Date, codeLifeMs: number): number =>
  codeTimeLeft(verification, now, codeLifeMs) === 0
    ? 0
    : Math.max(0, verification.sentAt + resendAfterMs - now.getTime())
