import type { Charset, WireText } from '@sspay/protocol'
import type { Secret } from '../secret.ts'

/** One payment event, which is notified once. */
export interface NotificationReference {
  readonly transactionId: string
  readonly sequence: number
}

/** A webhook to the shop: its payment reached this state. */
export interface Notification extends NotificationReference {
  readonly merchantId: string
  readonly paymentState: NotifiedState
  /** The notification table as it is sent, signed. Absent when it is the payment's stored answer. */
  readonly fields?: WireText | undefined
  readonly enqueuedAt: Date
}

export type NotifiedState = 'approved' | 'reversed' | 'partiallyCancelled' | 'cancelled'

/**
 * Retry backoff is a fixed interval per merchant: 10 attempts, 10 minutes apart, by default. `exhausted` is the dead
 * letter state: every attempt failed. `no_endpoint`: the merchant had no notification URL.
 */
export const notificationStates = ['pending', 'delivered', 'exhausted', 'no_endpoint'] as const

export type NotificationState = (typeof notificationStates)[number]

export type AttemptResult =
  | 'delivered'
  | 'no_ok'
  | 'timed_out'
  | 'address_rejected'
  | 'connection_failed'
  | 'form_unwritable'
  | `http_${number}`

/** For lists: no form, and no personal data but what a shop may have put into its answer. */
export interface NotificationSummary extends Omit<Notification, 'fields'> {
  readonly state: NotificationState
  /** Since it was enqueued, or resent after it had ended. */
  readonly attempts: number
  readonly lastResult: AttemptResult | undefined
  /** The shop's answer to the last attempt if it was not OK: first characters, without card or phone numbers. */
  readonly shopAnswer: string | undefined
  /** Only while pending. */
  readonly nextAttemptAt: Date | undefined
  readonly deliveredAt: Date | undefined
}

/** The merchant's notification endpoint (Q05). */
export interface NotificationTarget {
  readonly merchantId: string
  /** http or https. */
  readonly url: string
  readonly charset: Charset
  /** Names of the form's fields. Default: `current`. */
  readonly fieldNames?: 'current' | 'legacy' | undefined
  /** 1 to `maxIntervalMinutes`. */
  readonly intervalMinutes: number
  /** 1 to 10. */
  readonly maxAttempts: number
  /** `whsec_…` keys of Standard Webhooks, newest first. Each one signs, so that a shop can rotate without a gap. */
  readonly webhookKeys: readonly Secret[]
}

export const maxIntervalMinutes = 60

export type TargetProblem = 'url' | 'charset' | 'field_names' | 'interval_minutes' | 'max_attempts' | 'webhook_keys'

/** Names the invalid fields, never their values; empty for a valid target. */
export function findTargetProblems(target: NotificationTarget): readonly TargetProblem[] {
  const { url, charset, fieldNames = 'current', intervalMinutes, maxAttempts, webhookKeys } = target
  const isCorrect: Readonly<Record<TargetProblem, boolean>> = {
    url: isWebUrl(url),
    charset: charset === 'utf-8' || charset === 'euc-kr',
    field_names: fieldNames === 'current' || fieldNames === 'legacy',
    interval_minutes: isBetween(intervalMinutes, 1, maxIntervalMinutes),
    max_attempts: isBetween(maxAttempts, 1, 10),
    webhook_keys: webhookKeys.length <= 4 && webhookKeys.every(isWebhookKey),
  }
  return Object.entries(isCorrect).flatMap(([problem, correct]) => (correct ? [] : [problem as TargetProblem]))
}

/** An http(s) URL without credentials. */
export function isWebUrl(text: string): boolean {
  if (text.length > 500 || !URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return /^https?:$/.test(protocol) && username === '' && password === ''
}

const isBetween = (value: number, least: number, most: number): boolean =>
  Number.isSafeInteger(value) && value >= least && value <= most

/** Standard Webhooks: 24 to 64 bytes in Base64 after the prefix. */
const isWebhookKey = (key: Secret): boolean => /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/.test(key.expose())

/** The notification URL, interval or keys of a merchant are not valid. */
export class NotificationTargetError extends Error {
  readonly problems: readonly TargetProblem[]
  constructor(problems: readonly TargetProblem[]) {
    super(`the notification target cannot be saved: ${problems.join(', ')}`)
    this.name = 'NotificationTargetError'
    this.problems = problems
  }
}
