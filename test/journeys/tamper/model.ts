/** What became of a payment whose form was changed in the browser. */
export type Ending =
  /** The window shows a rejection, and no payment begins. */
  | `window ${string}`
  /** The window asks for the payment password, which the attacker does not know. */
  | 'password'
  /** The shop's server detects the change by an inquiry and requests no approval. */
  | `shop ${string}`
  /** The window sends the buyer to a foreign host; the shop receives nothing and requests no approval. */
  | 'elsewhere'
  /** Paid, as the shop ordered it. */
  | 'paid'

export type Fields = Readonly<Record<string, string | undefined>>

/** Other forms that the attacker can get from the same shop. */
export interface OtherForms {
  /** Form of another order with the same amount. */
  readonly sameAmount: Fields
  /** Form of a cheaper order. */
  readonly cheaper: Fields
}

export interface TamperCase {
  readonly fields: readonly string[]
  readonly change: string
  /** Returns the form's fields after the change; `undefined` removes a field. */
  tamper(form: Fields, others: OtherForms): Fields
  readonly ending: Ending
  readonly why: string
  /** Amount of the shop's order. Default: 1,004 won. */
  readonly amount?: number
  /** Age of the form when it is posted. */
  readonly ageMs?: number
  /** The merchant has registered its origins. Otherwise every shop address is allowed. */
  readonly hasAllowedOrigins?: true
}
