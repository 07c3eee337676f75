import { koreanTimestamp, shortTimestamp } from '@sspay/protocol'

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

/** Whose payment it claims to be, filled to ten characters: known before anything is looked up. */
export const merchantPartOf = (transactionId: string): string => transactionId.slice(0, 10)

/** When a payment of that transaction id was opened, to the second; undefined for what is none. */
export function openedAtOf(transactionId: string): Date | undefined {
  const [, time = ''] = /^.{14}([0-9]{12})[0-9]{4}$/.exec(transactionId) ?? []
  return shortTimestamp.read(time)
}
