import type { Charset, WireText } from '@sspay/protocol'
import type { Secret } from '../secret.ts'

/** Names one notice: the payment and its event, so that one event notifies once. */
export interface NotificationReference {
  readonly transactionId: string
  readonly sequence: number
}

/** What a shop must hear: its payment reached this state. */
export interface Notification extends NotificationReference {
  readonly merchantId: string
  readonly paymentState: NotifiedState
  /** The form as the shop gets it: the notification table, SignValue included. Absent where the payment's stored answer says it all. */
  readonly fields?: WireText | undefined
  readonly enqueuedAt: Date
}

export type NotifiedState = 'approved' | 'reversed' | 'partiallyCancelled' | 'cancelled'

/** `resting`: tried as often as the merchant wants. `unaddressed`: the merchant had no target when it was enqueued. */
export const notificationStates = ['waiting', 'delivered', 'exhausted', 'unaddressed'] as const

export type NotificationState = (typeof notificationStates)[number]

/** How one attempt ended; a shop that answers something else than 200 has its status in the result. */
export type AttemptResult =
  | 'delivered'
  | 'no_ok'
  | 'timed_out'
  | 'address_rejected'
  | 'connection_failed'
  | 'form_unwritable'
  | `http_${number}`

/** What a list may show: nothing of the buyer, and not the form. */
export interface NotificationSummary extends NotificationReference {
  readonly merchantId: string
  readonly paymentState: NotifiedState
  readonly state: NotificationState
  readonly enqueuedAt: Date
  /** Since it was enqueued, or since a person sent it again after it had ended. */
  readonly attempts: number
  readonly lastResult: AttemptResult | undefined
  /** Only while it waits. */
  readonly nextAttemptAt: Date | undefined
  readonly deliveredAt: Date | undefined
}

/** Where and how a merchant hears of its payments (Q05). */
export interface NotificationTarget {
  readonly merchantId: string
  /** http or https. */
  readonly url: string
  readonly charset: Charset
  /** 1 to `mostIntervalMinutes`. */
  readonly intervalMinutes: number
  /** How often one notice is tried before it rests, 1 to 10. */
  readonly maxAttempts: number
  /** `whsec_…` keys of Standard Webhooks, newest first. Each signs, so that a shop can change over while two are given. */
  readonly webhookKeys: readonly Secret[]
}

export const mostIntervalMinutes = 60

export type TargetProblem = 'url' | 'charset' | 'interval_minutes' | 'max_attempts' | 'webhook_keys'

/** What makes a target unusable; empty for a correct one. Names fields, never values. */
export function findTargetProblems(target: NotificationTarget): readonly TargetProblem[] {
  const { url, charset, intervalMinutes, maxAttempts, webhookKeys } = target
  const isCorrect: Readonly<Record<TargetProblem, boolean>> = {
    url: isWebUrl(url),
    charset: charset === 'utf-8' || charset === 'euc-kr',
    interval_minutes: isBetween(intervalMinutes, 1, mostIntervalMinutes),
    max_attempts: isBetween(maxAttempts, 1, 10),
    webhook_keys: webhookKeys.length <= 4 && webhookKeys.every(isWebhookKey),
  }
  return Object.entries(isCorrect).flatMap(([problem, correct]) => (correct ? [] : [problem as TargetProblem]))
}

function isWebUrl(text: string): boolean {
  if (text.length > 500 || !URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return /^https?:$/.test(protocol) && username === '' && password === ''
}

const isBetween = (value: number, least: number, most: number): boolean =>
  Number.isSafeInteger(value) && value >= least && value <= most

/** 24 to 64 bytes in base64 after the prefix, as Standard Webhooks has it. */
const isWebhookKey = (key: Secret): boolean => /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/.test(key.expose())

/** A target that must not be saved; the message names the fields. */
export class NotificationTargetError extends Error {
  readonly problems: readonly TargetProblem[]
  constructor(problems: readonly TargetProblem[]) {
    super(`the notification target cannot be saved: ${problems.join(', ')}`)
    this.name = 'NotificationTargetError'
    this.problems = problems
  }
}
