import type { LocalizedText } from '../../../packages/protocol/src/field-table.ts'

/** The evidence that a requirement is met, or the reason why it is not. */
export type Evidence =
  | { readonly status: 'test'; readonly file: string; readonly name: string }
  | { readonly status: 'document'; readonly file: string; readonly heading: string }
  | { readonly status: 'not applicable'; readonly reason: LocalizedText }
  | { readonly status: 'gap'; readonly missing: LocalizedText }

export type Status = Evidence['status']

/** A summary of the requirement; the standard has the exact text. */
export type Requirement = LocalizedText & { readonly evidence: Evidence }

/** Requirement id → row. */
export type Requirements = Readonly<Record<string, Requirement>>

/** `name`: the title as written in the test's source, including template placeholders. */
export const tested = (ko: string, en: string, file: string, name: string): Requirement => ({
  ko,
  en,
  evidence: { status: 'test', file, name },
})

/** `file`: the English page; `heading`: its text there. The Korean page has its heading at the same position. */
export const documented = (ko: string, en: string, file: string, heading: string): Requirement => ({
  ko,
  en,
  evidence: { status: 'document', file, heading },
})

export const notApplicable = (ko: string, en: string, reason: LocalizedText): Requirement => ({
  ko,
  en,
  evidence: { status: 'not applicable', reason },
})

/** `missing`: the work that would close the gap. */
export const gap = (ko: string, en: string, missing: LocalizedText): Requirement => ({
  ko,
  en,
  evidence: { status: 'gap', missing },
})
