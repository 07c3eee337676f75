/** A mistake or a moment in the first hour of a developer with sspay. */
export interface FirstHour {
  /** The file, and the title as it has it, with `…` for each `${…}`. */
  readonly test: readonly [file: string, title: string]
  /** What the test asserts of the text, as its file has it; absent where nothing is wrong and nothing needs a text. */
  readonly text?: { readonly cause: string; readonly cure: string }
}

/** By what a developer did. */
export type FirstHours = Readonly<Record<string, FirstHour>>
