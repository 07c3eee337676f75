import { type Runtime, randomBelow } from '../runtime.ts'

/** Base64 of 64 random bytes, as merchant keys are issued. */
export const newMerchantKey = (runtime: Runtime): string => Buffer.from(runtime.randomBytes(64)).toString('base64')

/** Key of Standard Webhooks. */
export const newWebhookKey = (runtime: Runtime): string =>
  `whsec_${Buffer.from(runtime.randomBytes(32)).toString('base64')}`

/** Six random digits, but no {@link isOrderly} ones. */
export function newCancelPassword(runtime: Runtime): string {
  for (;;) {
    const password = String(randomBelow(runtime, 1_000_000)).padStart(6, '0')
    if (!isOrderly(password)) return password
  }
}

/** A repeated digit or a sequence: `000000`, `123456`, `987654`. */
export function isOrderly(password: string): boolean {
  const steps = new Set([...password].slice(1).map((digit, index) => Number(digit) - Number(password[index])))
  return steps.size === 1 && [0, 1, -1].some((step) => steps.has(step))
}
