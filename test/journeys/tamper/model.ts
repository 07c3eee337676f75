/** What became of a payment whose form was changed in the browser. */
export type Ending =
  /** The window shows a rejection, and no payment begins. */
  | `window ${string}`
  /** The window asks for a password that the one at the keyboard does not know. */
  | 'password'
  /** The shop's server finds the change by the inquiry and asks for no approval. */
  | `shop ${string}`
  /** The window sends the buyer to a foreign host; the shop receives nothing and requests no approval. */
  | 'elsewhere'
  /** Paid, as the shop ordered it. */
  | 'paid'

export type Fields = Readonly<Record<string, string | undefined>>

/** Forms that the one who changes an order can get from the same shop. */
export interface OtherForms {
  /** Of another order with the same amount. */
  readonly sameAmount: Fields
  /** Of a cheaper order. */
  readonly cheaper: Fields
}

export interface TamperCase {
  readonly fields: readonly string[]
  readonly change: string
  /** What the form holds after the change; `undefined` takes a field out. */
  tamper(form: Fields, others: OtherForms): Fields
  readonly ending: Ending
  readonly why: string
  /** Of the shop's order; 1,004 won when absent. */
  readonly amount?: number
  /** How old the form is. */
  readonly ageMs?: number
  /** The merchant has registered its origins; without it any shop address is as good as another. */
  readonly hasAllowedOrigins?: true
}
