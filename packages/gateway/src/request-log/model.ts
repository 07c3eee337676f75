import type { FieldProblem, Words } from '@sspay/protocol'

/** Why a call was not taken, told to the developer of the shop. Says nothing of a key and nothing of a person. */
export interface CallExplanation {
  /** What was done in place of what the guide says, and what to do. */
  readonly words: Words
  /** Names for programs: `hex`, `amount_commas`. Empty when no known mistake fits. */
  readonly mistakes: readonly string[]
  /** What should have been signed, with the name of the key in place of the key. */
  readonly joined?: string | undefined
}

/** What only the route that answers a call knows about it. */
export interface CallNotes {
  readonly transactionId?: string | undefined
  readonly merchantId?: string | undefined
  readonly problems?: readonly FieldProblem[] | undefined
  readonly explanation?: CallExplanation | undefined
}
