import type { Transaction } from '../storage/storage.ts'

/** What a shop must hear: its payment reached this state. `sequence` is the event's, so one event notifies once. */
export interface Notice {
  readonly transactionId: string
  readonly sequence: number
  readonly merchantId: string
  readonly paymentState: 'approved' | 'reversed'
  readonly enqueuedAt: Date
}

const columns = {
  transaction_id: 'text',
  sequence: 'integer',
  merchant_id: 'text',
  payment_state: 'text',
  enqueued_at: 'integer',
} as const

/** Commits with the payment's move, in its transaction: a notice is neither lost nor invented. */
export async function enqueueNotices(transaction: Transaction, notices: readonly Notice[]): Promise<void> {
  if (notices.length === 0) return
  await transaction.write(
    `insert into notifications (transaction_id, sequence, merchant_id, payment_state, enqueued_at, state)
     select transaction_id, sequence, merchant_id, payment_state, enqueued_at, 'waiting'
     from ${transaction.rows(columns, '?1')} as given`,
    [JSON.stringify(notices.map(rowOf))],
  )
}

const rowOf = ({ transactionId, sequence, merchantId, paymentState, enqueuedAt }: Notice) => ({
  transaction_id: transactionId,
  sequence,
  merchant_id: merchantId,
  payment_state: paymentState,
  enqueued_at: enqueuedAt.getTime(),
})
