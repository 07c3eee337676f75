import type { Charset, WireText } from '@sspay/protocol'
import type { KeyRing } from '../keyring.ts'
import { Secret } from '../secret.ts'
import type { Row } from '../storage/storage.ts'
import type {
  AttemptResult,
  Notification,
  NotificationReference,
  NotificationState,
  NotificationSummary,
  NotificationTarget,
  NotifiedState,
} from './model.ts'

export interface NotificationRow extends Row {
  readonly transaction_id: string
  readonly sequence: number
  readonly merchant_id: string
  readonly payment_state: NotifiedState
  readonly enqueued_at: number
  readonly state: NotificationState
  readonly body_encrypted: string | null
  readonly attempts: number
  readonly next_attempt_at: number
  readonly delivered_at: number | null
  readonly last_result: AttemptResult | null
  readonly shop_answer_encrypted: string | null
}

export interface TargetRow extends Row {
  readonly merchant_id: string
  readonly url: string
  readonly charset: Charset
  readonly field_names: 'current' | 'legacy'
  readonly interval_minutes: number
  readonly max_attempts: number
  readonly webhook_keys_encrypted: string | null
}

export const newNotificationRow = (
  keyRing: KeyRing,
  { transactionId, sequence, merchantId, paymentState, fields, enqueuedAt }: Notification,
) => ({
  transaction_id: transactionId,
  sequence,
  merchant_id: merchantId,
  notified_state: paymentState,
  at: enqueuedAt.getTime(),
  body_encrypted:
    fields === undefined
      ? undefined
      : keyRing.encrypt(JSON.stringify(fields), bodyContext({ transactionId, sequence })),
})

/** Throws when the ciphertext was not made for this notification. */
export const openFields = (keyRing: KeyRing, notification: NotificationReference, encrypted: string): WireText =>
  JSON.parse(keyRing.decrypt(encrypted, bodyContext(notification)))

const shopAnswerContext = ({ transactionId, sequence }: NotificationReference): string =>
  `shop-answer:${transactionId}:${sequence}`

export const encryptShopAnswer = (keyRing: KeyRing, notification: NotificationReference, answer: string): string =>
  keyRing.encrypt(answer, shopAnswerContext(notification))

const bodyContext = ({ transactionId, sequence }: NotificationReference): string =>
  `notification:${transactionId}:${sequence}`

export const referenceOf = (row: NotificationRow): NotificationReference => ({
  transactionId: row.transaction_id,
  sequence: row.sequence,
})

export const summaryOf = (keyRing: KeyRing, row: NotificationRow): NotificationSummary => ({
  ...referenceOf(row),
  merchantId: row.merchant_id,
  paymentState: row.payment_state,
  state: row.state,
  enqueuedAt: new Date(row.enqueued_at),
  attempts: row.attempts,
  lastResult: row.last_result ?? undefined,
  shopAnswer:
    row.shop_answer_encrypted === null
      ? undefined
      : keyRing.decrypt(row.shop_answer_encrypted, shopAnswerContext(referenceOf(row))),
  nextAttemptAt: row.state === 'pending' ? new Date(row.next_attempt_at) : undefined,
  deliveredAt: row.delivered_at === null ? undefined : new Date(row.delivered_at),
})

export const targetOf = (keyRing: KeyRing, row: TargetRow): NotificationTarget => ({
  merchantId: row.merchant_id,
  url: row.url,
  charset: row.charset,
  fieldNames: row.field_names,
  intervalMinutes: row.interval_minutes,
  maxAttempts: row.max_attempts,
  webhookKeys: openKeys(keyRing, row),
})

const keysContext = (merchantId: string): string => `webhook-keys:${merchantId}`

export const signingKeys = (keyRing: KeyRing, { merchantId, webhookKeys }: NotificationTarget): string =>
  keyRing.encrypt(JSON.stringify(webhookKeys.map((key) => key.expose())), keysContext(merchantId))

function openKeys(keyRing: KeyRing, row: TargetRow): readonly Secret[] {
  if (row.webhook_keys_encrypted === null) return []
  const keys: readonly string[] = JSON.parse(keyRing.decrypt(row.webhook_keys_encrypted, keysContext(row.merchant_id)))
  return keys.map((key) => new Secret(key))
}
