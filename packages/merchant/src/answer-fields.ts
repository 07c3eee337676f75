import type { Notification } from '@sspay/protocol'

/** What an answer about a payment says, by our names. */
export interface AnswerFields {
  readonly read: Partial<Notification>
  /** Fields that are there and cannot be read. */
  readonly broken: readonly string[]
}
