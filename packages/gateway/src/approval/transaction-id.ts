import { koreanTimestamp } from '@sspay/protocol'
import { shortTimestamp } from '@sspay/protocol/internal'
import { type Runtime, randomBelow } from '../runtime.ts'

const cardMethod = '01'
const onlineChannel = '01'
/** Parts have a channel of their own, so that none of them ever has the transaction id of a payment. */
const partChannel = '02'

/** How many payments one merchant can open within one second. */
export const transactionNumbersPerSecond = 10_000

/**
 * Thirty characters: merchant id (filled to ten), method, channel, yyMMddHHmmss in Korean time, four digits (Q36).
 * `number`: which of the second's transaction ids; wraps around.
 */
export const writeTransactionId = (merchantId: string, now: Date, number: number): string =>
  writeId(merchantId, onlineChannel, now, number)

/** {@link writeTransactionId} of a part that is cancelled (Q04). */
export const writePartTransactionId = (merchantId: string, now: Date, number: number): string =>
  writeId(merchantId, partChannel, now, number)

function writeId(merchantId: string, channel: string, now: Date, number: number): string {
  const digits = String(number % transactionNumbersPerSecond).padStart(4, '0')
  return merchantId.padEnd(10, '0') + cardMethod + channel + koreanTimestamp(now).slice(2) + digits
}

const numbersPerMillisecond = transactionNumbersPerSecond / 1000

/** Which number a new payment gets within its second. */
export interface TransactionNumbers {
  /** In the order of time, so that the rows of payments of one moment lie together; its last digit is drawn, so that it counts nothing. */
  next(now: Date): number
  /** Anywhere in the second: another gateway has been at the number of this moment. */
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

/** Whose payment it claims to be, filled to ten characters: known before anything is looked up. */
export const merchantPartOf = (transactionId: string): string => transactionId.slice(0, 10)

/** When a payment of that transaction id was opened, to the second; undefined for what is none. */
export function openedAtOf(transactionId: string): Date | undefined {
  const [, time = ''] = /^.{14}([0-9]{12})[0-9]{4}$/.exec(transactionId) ?? []
  return shortTimestamp.read(time)
}
