/** A text in both languages. */
export interface LocalizedText {
  readonly ko: string
  readonly en: string
}

/**
 * How one kind of value is written on the wire. Methods, not arrow properties, so that a Format<string> is a
 * Format<unknown>.
 */
export interface Format<Value> {
  /** In characters (code points), as the guide counts. */
  readonly maxLength: number
  /** Longest value that is still read, where the guide's sample exceeds its table; never written. */
  readonly toleratedLength?: number
  readonly hint: LocalizedText
  /** Correct values, for docs, form placeholders and property tests. */
  readonly examples: readonly [Value, ...Value[]]
  /** Matches every text that is read, for schemas; `read` may be stricter. */
  readonly pattern?: RegExp
  /** The one spelling of a text that can be written in several; lengths are those of its result. */
  normalize?(text: string): string
  /** Undefined when the text is not this kind of value. */
  read(text: string): Value | undefined
  write(value: Value): string
}

/** `personal` values are shown by their first character only, `secret` values not at all. */
export type Sensitivity = 'public' | 'personal' | 'secret'

/** One row of the guide's parameter tables: our name, format, requirement, Korean label and sensitivity. */
export interface Field<Name extends string, Value, Required extends boolean> {
  readonly name: Name
  readonly format: Format<Value>
  readonly required: Required
  readonly label: string
  readonly sensitivity: Sensitivity
  /** An invalid value is dropped instead of rejected, because nothing depends on it (Q57). */
  readonly isInformative?: boolean
}

/** Wire name → field. Reading a table top to bottom is reading the guide's parameter table. */
export type FieldTable = Readonly<Record<string, Field<string, unknown, boolean>>>

/** The value of a field. */
export type ValueOf<F> = F extends Field<string, infer Value, boolean> ? Value : never
/** Shows an intersection of objects as one object. */
export type Flatten<T> = { [Key in keyof T]: T[Key] }

/** The message that a table describes, in our names and types. */
export type Message<Table extends FieldTable> = Flatten<
  {
    readonly [Wire in keyof Table as Table[Wire]['required'] extends true ? Table[Wire]['name'] : never]: ValueOf<
      Table[Wire]
    >
  } & {
    readonly [Wire in keyof Table as Table[Wire]['required'] extends true ? never : Table[Wire]['name']]?:
      | ValueOf<Table[Wire]>
      | undefined
  }
>

/** The same message as it travels: wire names, text only. */
export type WireMessage<Table extends FieldTable> = { readonly [Wire in keyof Table]?: string }

/** Texts by name, as a form or a flat JSON object contains them. */
export type WireText = Readonly<Record<string, string | undefined>>

/** A row that must be there (필수). */
export const required = <const Name extends string, Value>(
  name: Name,
  format: Format<Value>,
  label: string,
  sensitivity: Sensitivity = 'public',
): Field<Name, Value, true> => ({ name, format, label, sensitivity, required: true })

/** A row that may be left out (선택). */
export const optional = <const Name extends string, Value>(
  name: Name,
  format: Format<Value>,
  label: string,
  sensitivity: Sensitivity = 'public',
): Field<Name, Value, false> => ({ name, format, label, sensitivity, required: false })

/** An optional row on which nothing depends. */
export const informative = <const Name extends string, Value>(
  name: Name,
  format: Format<Value>,
  label: string,
  sensitivity: Sensitivity = 'public',
): Field<Name, Value, false> => ({ ...optional(name, format, label, sensitivity), isInformative: true })
