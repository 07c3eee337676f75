import { cancelResult, findUnwritable, koreanTimestamp, resultCodes, writeMessage } from '@sspay/protocol'
import type { Payment } from '../approval/model.ts'
import { writeCancelNotification } from '../approval/write-notification.ts'
import type { Cancellation, WantedCancellation } from './model.ts'

/** The answer to a successful refund (Q04). `cancelledAt`: by the card network's clock, shown in Korean time. */
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

/** Whether answer and notification of the refund can be written. Checked before the card network is called: a refund cannot be undone. */
export function isAnswerable({ orderId, answer }: Payment, wanted: WantedCancellation, now: Date): boolean {
  const { transactionId, merchantId, amount } = wanted
  const unwritable = findUnwritable(cancelResult, { transactionId, merchantId, orderId, cancelAmount: amount })
  if (unwritable.length > 0 || answer === undefined) return false
  return writeCancelNotification(answer, { cancelledAmount: amount, cancelledAt: now }) !== undefined
}
