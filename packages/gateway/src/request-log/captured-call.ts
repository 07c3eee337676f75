import type { WireText } from '@sspay/protocol'
import type { CallKind, CallNotes } from './model.ts'

/** What was seen of a call, as it was. It stays in memory until it is described, which is when it is masked. */
export interface CapturedCall {
  readonly kind: CallKind
  readonly startedAt: Date
  readonly durationMs: number
  readonly method: string
  readonly address: string
  readonly origin?: string | undefined
  readonly contentType?: string | undefined
  readonly charset?: string | undefined
  readonly status?: number | undefined
  /** Read only once the call is described: by then the payment answers. */
  fields(): WireText
  answer(): WireText
  /** What the answer says in one word, where it stands in no field. */
  readonly outcome?: string | undefined
  readonly notes: CallNotes
}
