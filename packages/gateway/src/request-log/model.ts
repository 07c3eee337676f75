import type { FieldProblem, LocalizedText } from '@sspay/protocol'

/** Seen from the gateway. */
export type CallDirection = 'in' | 'out'

/**
 * In: `window` opens the payment window, `step` is one submit in it, the others are the calls of a shop's server; `unknown` is any other
 * address under /payment/. Out: `return` and `abort` is what the buyer's browser takes back to the shop, `notice` tells the shop later.
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
  'card-network',
  'identity',
  'notification',
  'unknown',
] as const

export type CallKind = (typeof callKinds)[number]

/** `refused`: whoever was asked said no. `failed`: nobody knows or could answer, of a notice also that the shop did not take it. */
export const callResults = ['ok', 'rejected', 'failed'] as const

export type CallResult = (typeof callResults)[number]

export type CallWarning = 'merchant_key_leaked'

/** Wire name → text with what is personal or secret masked. */
export type MaskedFields = Readonly<Record<string, string>>

/** Why a call was not taken, told to the developer of the shop. Says nothing of a key and nothing of a person. */
export interface CallExplanation {
  /** What was done in place of what the guide says, and what to do. */
  readonly words: LocalizedText
  /** Names for programs: `hex`, `amount_commas`. Empty when no known mistake fits. */
  readonly mistakes: readonly string[]
  /** What should have been signed, with the name of the key in place of the key. */
  readonly joined?: string | undefined
}

/** A field to look at: one that was not as its table wants it, or, as `compare`, one that decided the refusal. */
export interface CallProblem extends LocalizedText {
  readonly field: string
  readonly rule: FieldProblem['rule'] | 'compare'
}

/**
 * One call in or out, as it is kept and shown; as JSON (`GET /api/requests`) its time is an ISO 8601 instant and what is undefined is
 * left out. Nothing in it is secret, and of what is personal only the first character.
 */
export interface RecordedCall {
  /** Grows with every call that ends. */
  readonly id: number
  readonly startedAt: Date
  readonly direction: CallDirection
  readonly kind: CallKind
  readonly method: 'GET' | 'POST' | (string & {})
  /** Of a call in the path, of a call out the whole address; without a query. */
  readonly address: string
  /** Of a call in: scheme, host and port that it came to. */
  readonly origin?: string | undefined
  /** Of a submit its step, of a return or abort `message` or `post`. */
  readonly detail?: string | undefined
  /** Of HTTP; undefined where no answer came, or where the buyer's browser carries the call. */
  readonly status?: number | undefined
  readonly result: CallResult
  /** The result code of the wire; of a call out what was answered: `approved`, `verified`, `no_ok`, `timed_out`, `http_500`. */
  readonly code?: string | undefined
  readonly reason?: LocalizedText | undefined
  /** Until the answer was ready, in milliseconds. */
  readonly durationMs: number
  readonly merchantId?: string | undefined
  readonly transactionId?: string | undefined
  readonly orderId?: string | undefined
  readonly contentType?: string | undefined
  /** In which the body was read: `utf-8` or `euc-kr`. */
  readonly charset?: string | undefined
  readonly request: MaskedFields
  /** The fields inside the sealed body of the request. */
  readonly encrypted?: MaskedFields | undefined
  readonly answer: MaskedFields
  readonly problems: readonly CallProblem[]
  readonly explanation?: CallExplanation | undefined
  readonly warnings: readonly CallWarning[]
}

/** Which calls a list holds; what is undefined does not choose. */
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

/** What only the route that answers a call knows about it. */
export interface CallNotes {
  readonly transactionId?: string | undefined
  readonly merchantId?: string | undefined
  readonly problems?: readonly FieldProblem[] | undefined
  readonly explanation?: CallExplanation | undefined
  /** The fields inside the sealed body, as they came. */
  readonly encrypted?: Readonly<Record<string, string | undefined>> | undefined
  /** One submit of the window: never what was typed. */
  readonly step?: SubmittedStep | undefined
  readonly handOver?: HandOver | undefined
}

export interface SubmittedStep {
  readonly name: string
  /** `ignored`: the form does not belong to the page of this moment. */
  readonly outcome: 'taken' | 'rejected' | 'ignored'
  /** What the buyer reads. */
  readonly reason?: LocalizedText | undefined
}

/** What the buyer's browser takes to the shop. */
export interface HandOver {
  readonly kind: 'return' | 'abort'
  readonly by: 'message' | 'post'
  readonly address: string
  readonly fields: Readonly<Record<string, string | undefined>>
  readonly charset: string
}
