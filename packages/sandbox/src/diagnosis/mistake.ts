import type { LocalizedText } from '@sspay/protocol'

/** A known mistake: its id, what the shop did (`{}` stands for the variant), and how to reproduce or recognize it. */
export type MistakeRow<Reproduce> = readonly [id: string, ko: string, en: string, reproduce: Reproduce]

/** A mistake that was found. */
export interface Mistake extends LocalizedText {
  readonly id: string
}

export const mistakeOf = ([id, ko, en]: MistakeRow<unknown>, variant = ''): Mistake => ({
  id,
  ko: ko.replace('{}', () => variant),
  en: en.replace('{}', () => variant),
})

export interface DiagnosisKeys {
  readonly merchantKey: string
  /** Keys that a shop may have used by mistake. The label, a Mid or an environment, is shown; the key is not. */
  readonly otherKeys: readonly { readonly label: string; readonly key: string }[]
}
