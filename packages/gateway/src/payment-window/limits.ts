import type { Context } from '../context.ts'
import { createRateLimit, type RateLimit } from '../http/rate-limit.ts'

/** What opens windows and sends codes too often is refused before anything is stored. */
export interface WindowLimits {
  readonly perMerchant: RateLimit
  readonly perAddress: RateLimit
  readonly codesPerPhone: RateLimit
}

export function createWindowLimits({ runtime, settings }: Pick<Context, 'runtime' | 'settings'>): WindowLimits {
  const { windowsPerMerchant, windowsPerAddress, codesPerPhone, mostRememberedKeys: mostKeys } = settings.limits
  return {
    perMerchant: createRateLimit(runtime, { ...windowsPerMerchant, mostKeys }),
    perAddress: createRateLimit(runtime, { ...windowsPerAddress, mostKeys }),
    codesPerPhone: createRateLimit(runtime, { ...codesPerPhone, mostKeys }),
  }
}
