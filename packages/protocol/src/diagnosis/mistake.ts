import type { LocalizedText } from '../field-table.ts'
import type { Recipe } from './recipe.ts'

/** Something that shops do in place of what the guide says. */
export interface Mistake extends LocalizedText {
  /** For programs: `key_cut`. */
  readonly id: string
  /** Of what is sealed, not of how. */
  readonly isInside?: boolean
}

/** A mistake in what is joined and hashed. */
export interface RecipeMistake extends Mistake {
  /** What about the recipe is wrong: two mistakes found together are of different kinds. */
  readonly kind: string
  /** The recipe as somebody with this mistake writes it, in each way that is known. */
  readonly changes: (right: Recipe) => readonly Recipe[]
  /** Too many ways, or too rare, to be looked for together with another mistake. */
  readonly isWide?: boolean
}

/** A row of a table of mistakes. */
export type Row<Change> = readonly [id: string, ko: string, en: string, ...changes: Change[]]

/** `merchantId` → `merchant_id` */
export const idOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
