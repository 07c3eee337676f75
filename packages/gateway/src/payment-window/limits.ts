import type { Context } from '../context.ts'
import { createRateLimit, type RateLimit } from '../http/rate-limit.ts'
import { type Bound, countRefusal, type Refusable } from '../http/refusals.ts'

/** What opens windows and sends codes too often is refused before anything is stored. */
export interface WindowLimits {
  readonly perMerchant: RateLimit
  readonly perAddress: RateLimit
  readonly codesPerPhone: RateLimit
}

export function createWindowLimits({ runtime, settings }: Pick<Context, 'runtime' | 'settings'>): WindowLimits {
  const { windowsPerMerchant, windowsPerAddress, codesPerPhone, mostRememberedKeys: mostKeys } = settings.limits
  const counted = (what: Refusable, bound: Bound) => ({ mostKeys, onRefused: () => countRefusal(what, bound) })
  return {
    perMerchant: createRateLimit(runtime, { ...windowsPerMerchant, ...counted('window', 'per_merchant') }),
    perAddress: createRateLimit(runtime, { ...windowsPerAddress, ...counted('window', 'per_address') }),
    codesPerPhone: createRateLimit(runtime, { ...codesPerPhone, ...counted('code', 'per_phone') }),
  }
}
