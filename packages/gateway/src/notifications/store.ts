import type { KeyRing } from '../keyring.ts'
import type { Transaction } from '../storage/storage.ts'
import type { Notice, NoticeReference } from './model.ts'

const noticeColumns = {
  transaction_id: 'text',
  sequence: 'integer',
  merchant_id: 'text',
  payment_state: 'text',
  enqueued_at: 'integer',
  body_sealed: 'text',
} as const

/** Commits with the payment's move, in its transaction: a notice is neither lost nor invented. */
export async function enqueueNotices(
  transaction: Transaction,
  keyRing: KeyRing,
  notices: readonly Notice[],
): Promise<void> {
  if (notices.length === 0) return
  await transaction.write(
    `insert into notifications
       (transaction_id, sequence, merchant_id, payment_state, enqueued_at, body_sealed, next_attempt_at, state)
     select transaction_id, sequence, given.merchant_id, payment_state, enqueued_at, body_sealed, enqueued_at,
       case when notification_targets.merchant_id is null then 'unaddressed' else 'waiting' end
     from ${transaction.rows(noticeColumns, '?1')} as given
     left join notification_targets on notification_targets.merchant_id = given.merchant_id`,
    [JSON.stringify(notices.map((notice) => noticeRowOf(keyRing, notice)))],
  )
}

const noticeRowOf = (
  keyRing: KeyRing,
  { transactionId, sequence, merchantId, paymentState, fields, enqueuedAt }: Notice,
) => ({
  transaction_id: transactionId,
  sequence,
  merchant_id: merchantId,
  payment_state: paymentState,
  enqueued_at: enqueuedAt.getTime(),
  body_sealed: keyRing.seal(JSON.stringify(fields), bodyContext({ transactionId, sequence })),
})

const bodyContext = ({ transactionId, sequence }: NoticeReference): string => `notice:${transactionId}:${sequence}`
