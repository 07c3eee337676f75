import type { FieldProblem, LocalizedText, WireText } from '@sspay/protocol'

/** Seen from the gateway. */
export type CallDirection = 'in' | 'out'

/**
 * In: `window` and `bill-key-window` open a window, `step` is one submit in it, the others are calls of a shop's
 * server; `not-offered` is a known service that the gateway does not offer, `unknown` any other address under
 * /payment/. Out: `return`, `abort` and `bill-key-result` are carried to the shop by the buyer's browser.
 */
export const callKinds = [
  'window',
  'step',
  'return',
  'abort',
  'approval',
  'inquiry',
  'cancellation',
  'member-deletion',
  'bill-key-window',
  'bill-key-result',
  'bill-key-registration',
  'bill-key-payment',
  'bill-key-deletion',
  'card-network',
  'identity',
  'notification',
  'unknown',
  'not-offered',
] as const

export type CallKind = (typeof callKinds)[number]

/** `rejected`: the answer was no. `failed`: no usable answer, or a notification that was not delivered. */
export const callResults = ['ok', 'rejected', 'failed'] as const

export type CallResult = (typeof callResults)[number]

export type CallWarning =
  | 'merchant_key_leaked'
  | 'fields_ignored'
  | 'merchant_note_missing'
  | 'merchant_note_not_base64'
  | 'request_time_utc'
  | 'called_from_browser'

/** Wire name → text, personal and secret data masked. */
export type MaskedFields = Readonly<Record<string, string>>

/** Why a call was rejected, for the shop's developer. Holds no key and no personal data. */
export interface CallExplanation {
  /** The deviation from the guide, and the cure. */
  readonly words: LocalizedText
  /** Identifiers such as `hex`, `amount_commas`; empty when no known mistake fits. */
  readonly mistakes: readonly string[]
  /** The text to sign, with the name of the key instead of the key. */
  readonly joined?: string | undefined
}

/** A field that violates its table or, with `compare`, one that the rejection depends on. */
export interface CallProblem extends LocalizedText {
  readonly field: string
  readonly rule: FieldProblem['rule'] | 'compare'
}

/**
 * One call in or out, as it is stored, shown and answered by `GET /api/requests`. It holds no secret, and of personal
 * data only the first character.
 */
export interface RecordedCall {
  /** Ascending in the order in which calls end. */
  readonly id: number
  readonly startedAt: Date
  readonly direction: CallDirection
  readonly kind: CallKind
  readonly method: 'GET' | 'POST' | (string & {})
  /** The path of a call in, the URL of a call out; without the query. */
  readonly address: string
  /** Scheme, host and port to which an incoming call was sent. */
  readonly origin?: string | undefined
  /** The step of a submit; `message` or `post` of a return or abort; the service that is not offered. */
  readonly detail?: string | undefined
  /** HTTP status; undefined without an answer, or when the buyer's browser carries the call. */
  readonly status?: number | undefined
  readonly result: CallResult
  /** The result code; of a call out its outcome: `approved`, `verified`, `no_ok`, `timed_out`, `http_500`. */
  readonly code?: string | undefined
  readonly reason?: LocalizedText | undefined
  readonly durationMs: number
  readonly merchantId?: string | undefined
  readonly transactionId?: string | undefined
  readonly orderId?: string | undefined
  readonly contentType?: string | undefined
  /** Charset of the body: `utf-8` or `euc-kr`. */
  readonly charset?: string | undefined
  readonly request: MaskedFields
  /** The fields inside the sealed body of the request. */
  readonly encrypted?: MaskedFields | undefined
  readonly answer: MaskedFields
  readonly problems: readonly CallProblem[]
  readonly explanation?: CallExplanation | undefined
  readonly warnings: readonly CallWarning[]
}

/** Undefined fields do not filter. */
export interface CallFilter {
  readonly direction?: CallDirection | undefined
  readonly kind?: CallKind | undefined
  readonly result?: CallResult | undefined
  readonly merchantId?: string | undefined
  readonly transactionId?: string | undefined
  /** Part of a transaction id, an order id or a result code. */
  readonly text?: string | undefined
  readonly from?: Date | undefined
  readonly until?: Date | undefined
}

/** Facts about a call that only its route knows. */
export interface CallNotes {
  readonly transactionId?: string | undefined
  readonly merchantId?: string | undefined
  readonly problems?: readonly FieldProblem[] | undefined
  /** Invalid fields that an accepted call was processed without. */
  readonly ignored?: readonly FieldProblem[] | undefined
  readonly explanation?: CallExplanation | undefined
  /** The decrypted fields of the sealed body. */
  readonly encrypted?: Readonly<Record<string, string | undefined>> | undefined
  /** One submit of the window, without its input. */
  readonly step?: SubmittedStep | undefined
  readonly handOver?: HandOver | undefined
  /** Name of a known service that the gateway does not offer. */
  readonly service?: string | undefined
}

export interface SubmittedStep {
  readonly name: string
  /** `ignored`: the form is not the one of the current page. */
  readonly outcome: 'taken' | 'rejected' | 'ignored'
  /** As shown to the buyer. */
  readonly reason?: LocalizedText | undefined
}

/** A message that the buyer's browser carries to the shop. */
export interface HandOver {
  readonly kind: 'return' | 'abort' | 'bill-key-result'
  readonly by: 'message' | 'post'
  readonly address: string
  readonly fields: Readonly<Record<string, string | undefined>>
  readonly charset: string
}

/** A call as it was seen. It stays in memory only: describing it masks it. */
export interface CapturedCall {
  readonly kind: CallKind
  readonly startedAt: Date
  readonly durationMs: number
  readonly method: string
  readonly address: string
  readonly origin?: string | undefined
  readonly contentType?: string | undefined
  readonly charset?: string | undefined
  /** Whether it has an `Origin`, which no server sends. */
  readonly isFromBrowser?: boolean
  readonly status?: number | undefined
  /** Lazy, so that parsing happens after the answer was sent. */
  fields(): WireText
  answer(): WireText
  /** Outcome of the answer, where no field holds it. */
  readonly outcome?: string | undefined
  readonly notes: CallNotes
}
