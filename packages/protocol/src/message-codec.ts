import type { Field, FieldTable, LocalizedText, Message, Sensitivity, WireMessage, WireText } from './field-table.ts'

/** Which rule a field broke. `repeated`: the form held the name twice with different values. */
export type FieldRule = 'missing' | 'too_long' | 'malformed' | 'repeated'

/** One broken rule, with the facts for an error message; never the value. */
export interface FieldProblem {
  readonly field: string
  readonly label: string
  readonly rule: FieldRule
  readonly maxLength: number
  readonly hint: LocalizedText
}

/** The result of {@link readMessage}: values and unknown fields, or every broken rule. */
export type ReadResult<Value> =
  | {
      readonly ok: true
      readonly value: Value
      readonly unknownFields: Readonly<Record<string, string>>
      /** The informative fields that were left out, because the table does not allow their value. */
      readonly ignored: readonly FieldProblem[]
    }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] }

/** A message with the wire field, its Korean label, the broken rule and the limit; never the value. */
export function describeProblem({ field, label, rule, maxLength, hint }: FieldProblem): LocalizedText {
  const allowed = { ko: `${hint.ko}, 최대 ${maxLength}자`, en: `${hint.en}, at most ${maxLength} characters` }
  switch (rule) {
    case 'missing':
      return {
        ko: `${label}(${field}): 필수 값이 없습니다. ${allowed.ko}`,
        en: `${field} (${label}) is missing: ${allowed.en}`,
      }
    case 'too_long':
      return {
        ko: `${label}(${field}): 최대 ${maxLength}자를 넘었습니다.`,
        en: `${field} (${label}) is longer than ${maxLength} characters`,
      }
    case 'malformed':
      return {
        ko: `${label}(${field}): 형식이 올바르지 않습니다. ${allowed.ko}`,
        en: `${field} (${label}) is malformed: ${allowed.en}`,
      }
    case 'repeated':
      return {
        ko: `${label}(${field}): 서로 다른 값이 두 번 있습니다. 한 번만 보내야 합니다.`,
        en: `${field} (${label}) was sent twice with different values; send it once, at most ${maxLength} characters`,
      }
  }
}

/**
 * Thrown by {@link writeMessage}: the fields whose value the table does not allow, by our names and with their rule, in
 * Korean and English; never the values.
 */
export class FieldError extends Error {
  readonly problems: readonly FieldProblem[]
  constructor(problems: readonly FieldProblem[], table: FieldTable = {}) {
    super(problems.map((problem) => describeWithName(problem, table)).join('\n'))
    this.name = 'FieldError'
    this.problems = problems
    // The message names every problem; a console would add `problems: [ [Object] ]`.
    Object.defineProperty(this, Symbol.for('nodejs.util.inspect.custom'), { value: () => this.stack ?? this.message })
  }
}

function describeWithName(problem: FieldProblem, table: FieldTable): string {
  const { field, rule, maxLength } = problem
  const { ko, en } = describeProblem(problem)
  return `${field}: ${rule} (${table[field]?.name ?? field}, max ${maxLength}). ${ko} / ${en}`
}

const textAt = (wire: WireText, wireName: string): string =>
  Object.hasOwn(wire, wireName) ? (wire[wireName] ?? '') : ''

/** Counts code points only when the number of UTF-16 units exceeds the limit. */
const isLongerThan = (text: string, most: number): boolean => text.length > most && [...text].length > most

const rowsOfTables = new WeakMap<FieldTable, readonly (readonly [string, FieldTable[string]])[]>()

/** Caches the rows of each table, which never changes. */
function rowsOf(table: FieldTable): readonly (readonly [string, FieldTable[string]])[] {
  const known = rowsOfTables.get(table)
  if (known !== undefined) return known
  const rows = Object.entries(table)
  rowsOfTables.set(table, rows)
  return rows
}

/**
 * Reads wire text; an empty text counts as absent. Never throws. Unknown fields are passed on, because the guide
 * reserves the
 * right to add fields.
 */
export function readMessage<const Table extends FieldTable>(table: Table, wire: WireText): ReadResult<Message<Table>> {
  const problems: FieldProblem[] = []
  const ignored: FieldProblem[] = []
  const message: Record<string, unknown> = {}

  for (const [wireName, field] of rowsOf(table)) {
    const text = normalized(field, textAt(wire, wireName))
    if (text === '' && !field.required) continue
    const { value, rule } = readField(field, text)
    if (rule === undefined) message[field.name] = value
    else (field.isInformative === true ? ignored : problems).push(problemOf(wireName, field, rule))
  }

  if (problems.length > 0) return { ok: false, problems }
  return { ok: true, value: message as Message<Table>, unknownFields: unknownFields(table, wire), ignored }
}

function readField({ format }: FieldTable[string], text: string): { value?: unknown; rule?: FieldRule } {
  if (text === '') return { rule: 'missing' }
  if (isLongerThan(text, format.toleratedLength ?? format.maxLength)) return { rule: 'too_long' }
  const value = format.read(text)
  return value === undefined ? { rule: 'malformed' } : { value }
}

/**
 * Writes our names and types as wire text.
 *
 * @throws FieldError for a value that the table does not allow
 */
export function writeMessage<const Table extends FieldTable>(
  table: Table,
  message: Message<Table>,
): WireMessage<Table> {
  const { written, problems } = writeWritable(table, message)
  if (problems.length > 0) throw new FieldError(problems, table)
  return written
}

/** {@link writeMessage} without the values that the table does not allow, and what is wrong with those. */
export function writeWritable<const Table extends FieldTable>(
  table: Table,
  message: Message<Table>,
): { readonly written: WireMessage<Table>; readonly problems: readonly FieldProblem[] } {
  const values: Readonly<Record<string, unknown>> = message
  const problems: FieldProblem[] = []
  const written: Record<string, string> = {}

  for (const [wireName, field] of rowsOf(table)) {
    const value = values[field.name]
    const text = value === undefined ? '' : normalized(field, field.format.write(value))
    const rule = brokenRule(field, text)
    if (rule === undefined) {
      if (text !== '') written[wireName] = text
    } else if (field.isInformative !== true) problems.push(problemOf(wireName, field, rule))
  }

  return { written: written as WireMessage<Table>, problems }
}

/**
 * Finds the values that {@link writeMessage} would reject.
 *
 * @param values a message or a part of it; fields that are left out are not looked at
 * @returns our names of the fields whose value the table does not allow on the wire; empty when all can be written
 */
export function findUnwritable<const Table extends FieldTable>(
  table: Table,
  values: Partial<Message<Table>>,
): readonly string[] {
  const given: Readonly<Record<string, unknown>> = values
  return rowsOf(table).flatMap(([, field]) => {
    const value = given[field.name]
    if (value === undefined) return []
    return brokenRule(field, normalized(field, field.format.write(value))) === undefined ? [] : [field.name]
  })
}

const normalized = ({ format }: FieldTable[string], text: string): string => format.normalize?.(text) ?? text

/** The rule that a text breaks as the value of that field; an empty text means absent. */
function brokenRule({ format, required: isRequired }: FieldTable[string], text: string): FieldRule | undefined {
  if (text === '') return isRequired ? 'missing' : undefined
  if (format.read(text) === undefined) return 'malformed'
  return isLongerThan(text, format.maxLength) ? 'too_long' : undefined
}

/** Makes a problem for rules that the table cannot check, such as `repeated`. */
export function problemOf(wireName: string, field: Field<string, unknown, boolean>, rule: FieldRule): FieldProblem {
  const { label, format } = field
  return { field: wireName, label, rule, maxLength: format.maxLength, hint: format.hint }
}

/** The wire name of a field by our name for it; the name itself when the table has no such field. */
export const wireNameOf = (table: FieldTable, name: string): string =>
  rowsOf(table).find(([, field]) => field.name === name)?.[0] ?? name

/** The text of a field by our name for it, as it travelled; empty when absent. */
export const textOf = (table: FieldTable, wire: WireText, name: string): string => textAt(wire, wireNameOf(table, name))

/** Wire name → text with secret and personal values masked. An unknown field counts as secret. */
export function maskMessage(table: FieldTable, wire: WireText): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(wire).map(([wireName, text = '']) => [wireName, mask(text, sensitivityOf(table, wireName))]),
  )
}

/** {@link maskMessage} as one line; control characters become U+FFFD. */
export function describeMessage(table: FieldTable, wire: WireText): string {
  const line = Object.entries(maskMessage(table, wire))
    .map(([wireName, text]) => `${wireName}=${text}`)
    .join(' ')
  return line.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '\uFFFD')
}

function unknownFields(table: FieldTable, wire: WireText): Readonly<Record<string, string>> {
  const names = Object.keys(wire).filter((wireName) => !Object.hasOwn(table, wireName) && wire[wireName] !== undefined)
  return Object.fromEntries(names.map((wireName) => [wireName, wire[wireName] as string]))
}

function sensitivityOf(table: FieldTable, wireName: string): Sensitivity {
  return Object.hasOwn(table, wireName) ? (table[wireName]?.sensitivity ?? 'secret') : 'secret'
}

function mask(text: string, sensitivity: Sensitivity): string {
  switch (sensitivity) {
    case 'public':
      return text
    case 'personal':
      return text === '' ? '' : `${[...text][0]}***`
    case 'secret':
      return text === '' ? '' : '***'
  }
}
