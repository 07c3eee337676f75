import type { Charset, WireText } from '@sspay/protocol'
import type { KeyRing } from '../keyring.ts'
import { Secret } from '../secret.ts'
import type { Row } from '../storage/storage.ts'
import type {
  AttemptResult,
  Notice,
  NoticedState,
  NoticeReference,
  NoticeState,
  NoticeSummary,
  NotificationTarget,
} from './model.ts'

export interface NoticeRow extends Row {
  readonly transaction_id: string
  readonly sequence: number
  readonly merchant_id: string
  readonly payment_state: NoticedState
  readonly enqueued_at: number
  readonly state: NoticeState
  readonly body_sealed: string | null
  readonly attempts: number
  readonly next_attempt_at: number
  readonly delivered_at: number | null
  readonly last_result: AttemptResult | null
}

export interface TargetRow extends Row {
  readonly merchant_id: string
  readonly url: string
  readonly charset: Charset
  readonly interval_minutes: number
  readonly max_attempts: number
  readonly webhook_keys_sealed: string | null
}

export const newNoticeRow = (
  keyRing: KeyRing,
  { transactionId, sequence, merchantId, paymentState, fields, enqueuedAt }: Notice,
) => ({
  transaction_id: transactionId,
  sequence,
  merchant_id: merchantId,
  noticed_state: paymentState,
  at: enqueuedAt.getTime(),
  body_sealed:
    fields === undefined ? undefined : keyRing.seal(JSON.stringify(fields), bodyContext({ transactionId, sequence })),
})

/** Throws when the form is not the one that was sealed for this notice. */
export const openFields = (keyRing: KeyRing, notice: NoticeReference, sealed: string): WireText =>
  JSON.parse(keyRing.open(sealed, bodyContext(notice)))

const bodyContext = ({ transactionId, sequence }: NoticeReference): string => `notice:${transactionId}:${sequence}`

export const referenceOf = (row: NoticeRow): NoticeReference => ({
  transactionId: row.transaction_id,
  sequence: row.sequence,
})

export const summaryOf = (row: NoticeRow): NoticeSummary => ({
  ...referenceOf(row),
  merchantId: row.merchant_id,
  paymentState: row.payment_state,
  state: row.state,
  enqueuedAt: new Date(row.enqueued_at),
  attempts: row.attempts,
  lastResult: row.last_result ?? undefined,
  nextAttemptAt: row.state === 'waiting' ? new Date(row.next_attempt_at) : undefined,
  deliveredAt: row.delivered_at === null ? undefined : new Date(row.delivered_at),
})

export const targetOf = (keyRing: KeyRing, row: TargetRow): NotificationTarget => ({
  merchantId: row.merchant_id,
  url: row.url,
  charset: row.charset,
  intervalMinutes: row.interval_minutes,
  maxAttempts: row.max_attempts,
  webhookKeys: openKeys(keyRing, row),
})

const keysContext = (merchantId: string): string => `webhook-keys:${merchantId}`

export const sealKeys = (keyRing: KeyRing, { merchantId, webhookKeys }: NotificationTarget): string =>
  keyRing.seal(JSON.stringify(webhookKeys.map((key) => key.expose())), keysContext(merchantId))

function openKeys(keyRing: KeyRing, row: TargetRow): readonly Secret[] {
  if (row.webhook_keys_sealed === null) return []
  const keys: readonly string[] = JSON.parse(keyRing.open(row.webhook_keys_sealed, keysContext(row.merchant_id)))
  return keys.map((key) => new Secret(key))
}
