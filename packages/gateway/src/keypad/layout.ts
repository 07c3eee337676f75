import { type Runtime, randomBelow } from '../runtime.ts'
import type { Layout } from './model.ts'

/** Each of the 10! orders is equally likely (Fisher–Yates with unbiased draws). */
export function shuffledLayout(runtime: Runtime): Layout {
  const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
  for (let last = digits.length - 1; last > 0; last--) {
    const chosen = randomBelow(runtime, last + 1)
    const digit = digits[chosen] as number
    digits[chosen] = digits[last] as number
    digits[last] = digit
  }
  return digits
}
