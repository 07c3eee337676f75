import { koreanTimestamp } from '@sspay/protocol'
import { shortTimestamp } from '@sspay/protocol/internal'
import { type Runtime, randomBelow } from '../runtime.ts'

const cardMethod = '01'
const onlineChannel = '01'
/** Partial refunds have their own channel, so that their ids never equal that of a payment. */
const partChannel = '02'
/** Registrations of bill keys, which are no payments. */
const registrationChannel = '03'

/** How many payments one merchant can open within one second. */
export const transactionNumbersPerSecond = 10_000

/**
 * Thirty characters: merchant id (filled to ten), method, channel, yyMMddHHmmss in Korean time, four digits (Q36).
 * `number`: which of the second's transaction ids; wraps around.
 */
export const writeTransactionId = (merchantId: string, now: Date, number: number): string =>
  writeId(merchantId, onlineChannel, now, number)

/** {@link writeTransactionId} of a partial refund (Q04). */
export const writePartTransactionId = (merchantId: string, now: Date, number: number): string =>
  writeId(merchantId, partChannel, now, number)

/** {@link writeTransactionId} of the registration of a bill key. */
export const writeRegistrationId = (merchantId: string, now: Date, number: number): string =>
  writeId(merchantId, registrationChannel, now, number)

function writeId(merchantId: string, channel: string, now: Date, number: number): string {
  const digits = String(number % transactionNumbersPerSecond).padStart(4, '0')
  return merchantId.padEnd(10, '0') + cardMethod + channel + koreanTimestamp(now).slice(2) + digits
}

const numbersPerMillisecond = transactionNumbersPerSecond / 1000

/** The number of a new payment within its second. */
export interface TransactionNumbers {
  /**
   * In the order of time, so that the rows of concurrent payments share pages; the last digit is random, so that it is
   * not a counter.
   */
  next(now: Date): number
  /** Random within the second, after a collision with another gateway. */
  elsewhere(): number
}

export function createTransactionNumbers(runtime: Runtime): TransactionNumbers {
  let latest = { second: Number.NaN, number: 0 }
  return {
    next(now) {
      const second = Math.floor(now.getTime() / 1000)
      const soonest = now.getMilliseconds() * numbersPerMillisecond + randomBelow(runtime, numbersPerMillisecond)
      const number = latest.second === second ? Math.max(latest.number + 1, soonest) : soonest
      latest = { second, number }
      return number
    },
    elsewhere: () => randomBelow(runtime, transactionNumbersPerSecond),
  }
}

/** The merchant id, padded to ten characters. */
export const merchantPartOf = (transactionId: string): string => transactionId.slice(0, 10)

/** When the payment was requested, to the second; undefined unless it is a transaction id. */
export function openedAtOf(transactionId: string): Date | undefined {
  const [, time = ''] = /^.{14}([0-9]{12})[0-9]{4}$/.exec(transactionId) ?? []
  return shortTimestamp.read(time)
}
