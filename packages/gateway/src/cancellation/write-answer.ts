import { cancelResult, koreanTimestamp, resultCodes, writeMessage } from '@sspay/protocol'
import type { Payment } from '../approval/model.ts'
import type { Cancellation } from './model.ts'

/** The answer of a cancellation that took place (Q04). `cancelledAt`: by the card network's clock, shown in Korean time. */
export function writeCancelAnswer(
  { orderId }: Payment,
  { transactionId, merchantId, amount, cancelNumber, partialTransactionId }: Cancellation,
  cancelledAt: Date,
): string {
  const time = koreanTimestamp(cancelledAt)
  return JSON.stringify(
    writeMessage(cancelResult, {
      resultCode: resultCodes.cancelled.code,
      resultMessage: resultCodes.cancelled.ko,
      transactionId,
      merchantId,
      orderId,
      cancelAmount: amount,
      cancelDate: time.slice(0, 8),
      cancelTime: time.slice(8),
      cancelNumber,
      partialTransactionId,
    }),
  )
}
