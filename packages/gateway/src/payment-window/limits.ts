import type { LocalizedText } from '@sspay/protocol'
import type { Rate } from '../admission/limits.ts'
import { type Bucket, createRateLimit, type RateLimit, takeFromEach } from '../admission/rate-limit.ts'
import { countRejection, type LimitedResource, type Limiter } from '../admission/rejections.ts'
import type { Context } from '../context.ts'
import { currentAddress } from '../logging/current-request.ts'
import { countEachSecond } from '../logging/log.ts'
import { securityEvents } from '../security-events/model.ts'
import { countSecurityEvent } from '../security-events/record.ts'
import { type Attempt, createGuessLimit } from './guess-limit.ts'
import { createOpeningLimit } from './opening-limit.ts'

type LimitsContext = Pick<Context, 'runtime' | 'settings' | 'log'>

export type WindowLimits = ReturnType<typeof createWindowLimits>

/** Rate limits of a window, checked before anything is stored; in memory, so per gateway process. */
export function createWindowLimits(context: LimitsContext) {
  const { runtime, settings } = context
  const { limits } = settings
  const mostKeys = limits.mostRememberedKeys
  const reject = createRejections(context)
  const limit = (rate: Rate, what: LimitedResource, bound: Limiter): RateLimit =>
    createRateLimit(runtime, { ...rate, mostKeys, onRejected: () => reject(what, bound) })
  const codesPerPhone = limit(limits.codesPerPhone, 'code', 'per_phone')
  const codesPerAddress = limit(limits.codesPerAddress, 'code', 'per_address')
  const codesPerMerchant = limit(limits.codesPerMerchant, 'code', 'per_merchant')
  const codesInAll = limit(limits.codesInAll, 'code', 'in_all')
  const failuresPerMember = limit(limits.cardFailuresPerMember, 'card-verification', 'per_member')
  const failuresPerCard = limit(limits.cardFailuresPerCard, 'card-verification', 'per_card')
  const failuresPerAddress = limit(limits.cardFailuresPerAddress, 'card-verification', 'per_address')
  return {
    /** Counts and logs a rejection by a limit that is kept elsewhere. */
    reject,
    openingsPerAddress: limit(limits.windowsPerAddress, 'window', 'per_address'),
    openings: createOpeningLimit(limits, (rate, bound) => limit(rate, 'window', bound)),
    requestsPerWindow: limit(limits.requestsPerWindow, 'window-request', 'per_window'),
    requestsPerAddress: limit(limits.windowRequestsPerAddress, 'window-request', 'per_address'),
    guesses: createGuessLimit(runtime, { ...limits.guesses, mostKeys, onRejected: (bound) => reject('guess', bound) }),
    codes: {
      /**
       * Each code is a text message that costs money, to any phone that the form names. `phone` is a fingerprint.
       * `isOfPhone`: this phone has reached its limit, whoever asked.
       */
      take({ phone, merchantId }: { readonly phone: string; readonly merchantId: string }) {
        const isOfPhone = !codesPerPhone.peek(phone).ok
        const admitted = takeFromEach([
          [codesPerPhone, phone],
          ...ofAddress(codesPerAddress),
          [codesPerMerchant, merchantId],
          [codesInAll, ''],
        ])
        return admitted.ok ? admitted : { ...admitted, isOfPhone }
      },
    },
    cardFailures: {
      /**
       * Two digits of a card password are a hundred guesses, so a member has few a day, and so has a card (a
       * fingerprint), whichever members try it. An address has more, since the phones of a carrier share it.
       */
      begin({ memberId, card }: { readonly memberId: string; readonly card: string }): Attempt {
        const buckets: readonly Bucket[] = [
          [failuresPerMember, memberId],
          [failuresPerCard, card],
          ...ofAddress(failuresPerAddress),
        ]
        const admitted = takeFromEach(buckets)
        return admitted.ok ? { ok: true, undo: () => buckets.forEach(([one, key]) => void one.putBack(key)) } : admitted
      },
    },
  }
}

/** The bucket of the client's address, if it is known. */
function ofAddress(limit: RateLimit): readonly Bucket[] {
  const address = currentAddress()
  return address === undefined ? [] : [[limit, address]]
}

/** Counts each rejection, and logs one line a second for each bound, so that a flood does not fill the log. */
function createRejections({ runtime, log }: LimitsContext) {
  const logs = new Map<string, ReturnType<typeof countEachSecond>>()
  return (what: LimitedResource, bound: Limiter): void => {
    countRejection(what, bound)
    countSecurityEvent('limit_reached')
    const reason = `${what} ${bound}`
    const { outcome } = securityEvents.limit_reached
    const fields = { name: 'limit_reached', outcome, reason }
    const logRejected = logs.get(reason) ?? countEachSecond(runtime, log, 'security_event', fields)
    logs.set(reason, logRejected)
    logRejected({ address: currentAddress() })
  }
}

const tooMany: Readonly<Record<'codes' | 'guesses', LocalizedText>> = {
  codes: { ko: '지금은 인증번호 요청이 너무 많아요.', en: 'Too many codes are being requested right now.' },
  guesses: {
    ko: '비밀번호나 인증번호가 여러 번 틀려 잠시 확인할 수 없어요.',
    en: 'There were too many wrong passwords or codes.',
  },
}

/** The wait in seconds up to a minute, then in minutes. */
export function waitText(what: keyof typeof tooMany, rejected: { readonly retryAfterMs: number }): LocalizedText {
  const seconds = Math.ceil(rejected.retryAfterMs / 1_000)
  const minutes = Math.ceil(seconds / 60)
  const wait = seconds <= 60 ? [`${seconds}초`, `${seconds} sec.`] : [`${minutes}분`, `${minutes} min.`]
  const { ko, en } = tooMany[what]
  return { ko: `${ko} ${wait[0]} 뒤에 다시 시도해 주세요.`, en: `${en} Try again in ${wait[1]}` }
}
