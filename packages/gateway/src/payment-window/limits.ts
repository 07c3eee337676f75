import type { Context } from '../context.ts'
import { createRateLimit, type RateLimit } from '../http/rate-limit.ts'
import { type Bound, countRefusal, type Refusable } from '../http/refusals.ts'

/** Opening windows, asking them for pages and sending codes: refused beyond its rate before anything is stored. */
export interface WindowLimits {
  readonly perMerchant: RateLimit
  readonly perAddress: RateLimit
  readonly requestsPerWindow: RateLimit
  readonly requestsPerAddress: RateLimit
  readonly codesPerPhone: RateLimit
}

export function createWindowLimits({ runtime, settings }: Pick<Context, 'runtime' | 'settings'>): WindowLimits {
  const { windowsPerMerchant, windowsPerAddress, requestsPerWindow, windowRequestsPerAddress, codesPerPhone } =
    settings.limits
  const mostKeys = settings.limits.mostRememberedKeys
  const counted = (what: Refusable, bound: Bound) => ({ mostKeys, onRefused: () => countRefusal(what, bound) })
  return {
    perMerchant: createRateLimit(runtime, { ...windowsPerMerchant, ...counted('window', 'per_merchant') }),
    perAddress: createRateLimit(runtime, { ...windowsPerAddress, ...counted('window', 'per_address') }),
    requestsPerWindow: createRateLimit(runtime, { ...requestsPerWindow, ...counted('window-request', 'per_window') }),
    requestsPerAddress: createRateLimit(runtime, {
      ...windowRequestsPerAddress,
      ...counted('window-request', 'per_address'),
    }),
    codesPerPhone: createRateLimit(runtime, { ...codesPerPhone, ...counted('code', 'per_phone') }),
  }
}
