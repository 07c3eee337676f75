import type { Field, FieldTable, LocalizedText } from '../../../packages/protocol/src/field-table.ts'

export type Json = { readonly [name: string]: unknown }

export const bilingual = ({ ko, en }: LocalizedText): string => (ko === en ? ko : `${ko}\n\n${en}`)

export interface DescribedTable {
  readonly title: LocalizedText
  readonly about: LocalizedText
  readonly table: FieldTable
}

/**
 * A message as JSON Schema, in the vocabulary that drafts 7 and 2020-12 share. Unknown fields are allowed: the guide
 * reserves the right to add some.
 */
export function schemaOf({ title, about, table }: DescribedTable): Json {
  const rows = Object.entries(table)
  return {
    type: 'object',
    title: `${title.ko} · ${title.en}`,
    description: bilingual(about),
    properties: Object.fromEntries(rows.map(([wireName, field]) => [wireName, fieldSchema(field)])),
    required: rows.flatMap(([wireName, { required }]) => (required ? [wireName] : [])),
  }
}

function fieldSchema({ name, format, required, label, sensitivity }: Field<string, unknown, boolean>): Json {
  const { maxLength, toleratedLength = maxLength, hint, examples, pattern } = format
  const read = toleratedLength > maxLength ? [`${toleratedLength}자까지 읽음 · up to ${toleratedLength} are read`] : []
  return {
    type: 'string',
    title: label,
    description: [hint.ko === hint.en ? hint.ko : `${hint.ko} · ${hint.en}`, ...read].join(' · '),
    ...(required ? { minLength: 1 } : {}),
    maxLength,
    ...patternOf(pattern, required),
    examples: [...new Set(examples.map((example) => format.write(example)))],
    'x-sspay-name': name,
    'x-sensitivity': sensitivity,
  }
}

/** An empty text counts as absent. Unicode classes are left out, because the patterns of other languages lack them. */
function patternOf(pattern: RegExp | undefined, isRequired: boolean): Json {
  if (pattern === undefined || pattern.source.includes('\\p{')) return {}
  return { pattern: isRequired ? pattern.source : `^$|${pattern.source}` }
}

/** A message with the first example of each field. */
export const exampleOf = (table: FieldTable, changes: Readonly<Record<string, string>> = {}): Json => ({
  ...Object.fromEntries(Object.entries(table).map(([name, { format }]) => [name, format.write(format.examples[0])])),
  ...changes,
})

/** `approval-request` → `ApprovalRequest`. */
export const pascalCase = (name: string): string =>
  name.replaceAll(/(^|-)([a-z])/g, (_, _hyphen, letter: string) => letter.toUpperCase())
