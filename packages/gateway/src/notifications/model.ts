import type { Charset, WireText } from '@sspay/protocol'
import type { Secret } from '../secret.ts'

/** Names one notice: the payment and its event, so that one event notifies once. */
export interface NoticeReference {
  readonly transactionId: string
  readonly sequence: number
}

/** What a shop must hear: its payment reached this state. */
export interface Notice extends NoticeReference {
  readonly merchantId: string
  readonly paymentState: NoticedState
  /** The form as the shop gets it: the notification table, SignValue included. */
  readonly fields: WireText
  readonly enqueuedAt: Date
}

export type NoticedState = 'approved' | 'reversed' | 'partiallyCancelled' | 'cancelled'

/** Where and how a merchant hears of its payments (Q05). */
export interface NotificationTarget {
  readonly merchantId: string
  readonly url: string
  readonly charset: Charset
  /** 1 to 60. */
  readonly intervalMinutes: number
  /** How often one notice is tried before it rests, 1 to 10. */
  readonly maxAttempts: number
  /** `whsec_…` keys of Standard Webhooks, newest first; each signs, so that a shop can change over while two are given. */
  readonly webhookKeys: readonly Secret[]
}
