import { type Message, optional } from '../field-table.ts'
import { oneOf, won } from '../formats.ts'
import { approvalResult } from './approval.ts'
import { cancelResult } from './cancel.ts'

/** 재통보 (Q05): the approval answer once more, as a form, with the state the payment is in. Only a cancelled one has the last two. */
export const notification = {
  ...approvalResult,
  StateCd: optional('paymentState', oneOf(1, '0', '1', '2'), '상태(0 승인, 1 매입 전 취소, 2 매입 후 취소)'),
  CancelAmt: optional('cancelledAmount', won(12), '취소 금액 합계'),
  PTid: cancelResult.PTid,
} as const

/** A notice to the shop (guide, 재통보) in our names and types. */
export type Notification = Message<typeof notification>
