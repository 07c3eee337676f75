import { type Message, optional } from '../field-table.ts'
import { oneOf } from '../formats.ts'
import { approvalResult } from './approval.ts'

/** 재통보 (Q05): the approval answer once more, as a form, with the state the payment is in. */
export const notification = {
  ...approvalResult,
  StateCd: optional('paymentState', oneOf(1, '0', '1', '2'), '상태(0 승인, 1 매입 전 취소, 2 매입 후 취소)'),
} as const

export type Notification = Message<typeof notification>
