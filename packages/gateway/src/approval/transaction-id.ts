import { koreanTimestamp } from '@sspay/protocol'

const cardMethod = '01'
const onlineChannel = '01'

/** How many payments one merchant can open within one second. */
export const transactionNumbersPerSecond = 10_000

/**
 * Thirty characters: merchant id (filled to ten), method, channel, yyMMddHHmmss in Korean time, four digits (Q36).
 * `number`: which of the second's transaction ids; wraps around.
 */
export function writeTransactionId(merchantId: string, now: Date, number: number): string {
  const digits = String(number % transactionNumbersPerSecond).padStart(4, '0')
  return merchantId.padEnd(10, '0') + cardMethod + onlineChannel + koreanTimestamp(now).slice(2) + digits
}

/** Whose payment it claims to be, filled to ten characters: known before anything is looked up. */
export const merchantPartOf = (transactionId: string): string => transactionId.slice(0, 10)
