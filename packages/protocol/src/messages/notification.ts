import { type Message, optional } from '../field-table.ts'
import { oneOf, won } from '../formats.ts'
import { approvalResult } from './approval.ts'
import { cancelResult } from './cancel.ts'

/**
 * 재통보 (Q05): the approval answer as a form, with the state of the payment. Only a cancelled payment has the last two
 * fields.
 */
export const notification = {
  ...approvalResult,
  StateCd: optional('paymentState', oneOf(1, '0', '1', '2'), '상태(0 승인, 1 매입 전 취소, 2 매입 후 취소)'),
  CancelAmt: optional('cancelledAmount', won(12), '취소 금액 합계'),
  PTid: cancelResult.PTid,
} as const

/** A notification (webhook) to the shop (guide, 재통보) in our names and types. */
export type Notification = Message<typeof notification>
