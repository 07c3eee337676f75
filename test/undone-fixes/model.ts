/** Replaces a text that the file has exactly once. */
export type Edit = readonly [file: string, find: string, replacement: string]

/** A fault that was fixed. Its edits undo the fix; then the test must fail. */
export interface UndoneFix {
  readonly edits: readonly Edit[]
  /** The title as the file has it, with `…` for each `${…}`. */
  readonly test: readonly [file: string, title: string]
}

export type UndoneFixes = Readonly<Record<string, UndoneFix>>

const escapeText = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

const withHoles = (title: string, hole: string): string => title.split('…').map(escapeText).join(hole)

/** The names that a title stands for when its tests run. */
export const nameOf = (title: string): RegExp => new RegExp(`^${withHoles(title, '.*')}$`, 's')

/** The title in the source of its test: a whole string or template. */
export const titleInSource = (title: string): RegExp =>
  new RegExp(`(['"\`])${withHoles(title, '\\$\\{[^\\n]*?\\}')}\\1`)

/** The edited text; undefined unless the text to find is there exactly once. */
export function applyEdit(text: string, [, find, replacement]: Edit): string | undefined {
  const [before, after, ...more] = text.split(find)
  return before === undefined || after === undefined || more.length > 0 ? undefined : before + replacement + after
}
