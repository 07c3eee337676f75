import type { Rate } from '../admission/limits.ts'
import { createRateLimit, type RateLimit, type RateLimitResult, takeFromEach } from '../admission/rate-limit.ts'
import { countRejection, type LimitedResource, type Limiter } from '../admission/rejections.ts'
import type { Context } from '../context.ts'
import { currentAddress } from '../logging/current-request.ts'
import { countSecurityEvent, recordSecurityEvent } from '../security-events/record.ts'
import { type CardFailureLimit, createCardFailureLimit } from './card-failure-limit.ts'
import { createGuessLimit, type GuessLimit } from './guess-limit.ts'
import { createWindowOpenings, type WindowOpenings } from './window-openings.ts'

/** Opening windows, asking them for pages, sending codes and guessing: refused beyond its rate before anything is stored. */
export interface WindowLimits {
  readonly openings: WindowOpenings
  readonly perAddress: RateLimit
  readonly requestsPerWindow: RateLimit
  readonly requestsPerAddress: RateLimit
  readonly codes: CodeLimits
  readonly guesses: GuessLimit
  readonly cardFailures: CardFailureLimit
  /** Counts and logs what somebody else found to be too much. */
  reject(what: LimitedResource, bound: Limiter): void
}

/** One-time codes: each is a text message that costs money, to whoever's phone the form names. */
export interface CodeLimits {
  /** `isOfPhone`: the phone of this code has had too many, whoever asked. */
  take(code: {
    /** Not the number itself, but what stands for it. */
    readonly phone: string
    readonly merchantId: string
  }): { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number; readonly isOfPhone: boolean }
}

type LimitsContext = Pick<Context, 'runtime' | 'settings' | 'log' | 'keyRing'>

export function createWindowLimits(context: LimitsContext): WindowLimits {
  const { runtime, settings } = context
  const { limits } = settings
  const mostKeys = limits.mostRememberedKeys
  const reject = createRejections(context)
  const limit = (rate: Rate, what: LimitedResource, bound: Limiter): RateLimit =>
    createRateLimit(runtime, { ...rate, mostKeys, onRejected: () => reject(what, bound) })
  return {
    openings: createWindowOpenings(runtime, { limits, onRejected: (bound) => reject('window', bound) }),
    perAddress: limit(limits.windowsPerAddress, 'window', 'per_address'),
    requestsPerWindow: limit(limits.requestsPerWindow, 'window-request', 'per_window'),
    requestsPerAddress: limit(limits.windowRequestsPerAddress, 'window-request', 'per_address'),
    codes: createCodeLimits(
      limit(limits.codesPerPhone, 'code', 'per_phone'),
      limit(limits.codesPerAddress, 'code', 'per_address'),
      limit(limits.codesPerMerchant, 'code', 'per_merchant'),
      limit(limits.codesInAll, 'code', 'in_all'),
    ),
    guesses: createGuessLimit(runtime, { ...limits.guesses, mostKeys, onRejected: (bound) => reject('guess', bound) }),
    cardFailures: createCardFailureLimit(
      limit(limits.cardFailuresPerMember, 'card-verification', 'per_member'),
      limit(limits.cardFailuresPerCard, 'card-verification', 'per_card'),
      limit(limits.cardFailuresPerAddress, 'card-verification', 'per_address'),
    ),
    reject,
  }
}

function createCodeLimits(perPhone: RateLimit, perAddress: RateLimit, perMerchant: RateLimit, inAll: RateLimit) {
  return {
    take({ phone, merchantId }: Parameters<CodeLimits['take']>[0]) {
      const address = currentAddress()
      const isOfPhone = !perPhone.peek(phone).ok
      const admitted: RateLimitResult = takeFromEach([
        [perPhone, phone],
        ...(address === undefined ? [] : [[perAddress, address] as const]),
        [perMerchant, merchantId],
        [inAll, ''],
      ])
      return admitted.ok ? admitted : { ...admitted, isOfPhone }
    },
  }
}

const loggedEveryMs = 1_000

/** Every refusal is counted; of each bound one line a second stands in the log, so that a flood does not fill it. */
function createRejections(context: LimitsContext): WindowLimits['reject'] {
  const loggedAt = new Map<string, number>()
  return (what, bound) => {
    countRejection(what, bound)
    const reason = `${what} ${bound}`
    const at = context.runtime.now().getTime()
    const isQuiet = Math.abs(at - (loggedAt.get(reason) ?? Number.NEGATIVE_INFINITY)) < loggedEveryMs
    if (isQuiet) return countSecurityEvent('limit_reached')
    loggedAt.set(reason, at)
    recordSecurityEvent(context, { name: 'limit_reached', reason })
  }
}
