import fc from 'fast-check'
import { anyCharacter } from '../../../test/support/any-character.ts'
import type { Field, FieldTable, Format } from '../src/index.ts'
import * as protocol from '../src/index.ts'

const isTable = (value: unknown): value is FieldTable =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).length > 0 &&
  Object.values(value).every((row) => typeof row === 'object' && row !== null && 'format' in row && 'label' in row)

/** Every field table of the package's entry point, by its name. A new table is tested without being listed. */
export const tables: ReadonlyMap<string, FieldTable> = new Map(
  Object.entries(protocol).flatMap(([name, value]) => (isTable(value) ? [[name, value]] : [])),
)

export const lengthOf = (text: string): number => [...text].length

/** A correct value: an example, or what can be read from the examples' own characters or from any text. */
function anyValue(format: Format<unknown>): fc.Arbitrary<unknown> {
  const [first] = format.examples
  const maxLength = Math.min(format.maxLength, 40)
  const characters = format.examples.flatMap((example) => [...format.write(example)])
  const readOr = (text: string): unknown => {
    const value = format.read(format.normalize?.(text) ?? text)
    return value !== undefined && lengthOf(format.write(value)) <= format.maxLength ? value : first
  }
  return fc.oneof(
    fc.constantFrom(...format.examples),
    fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength }).map(readOr),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength }).map(readOr),
  )
}

/** A correct message of the table, in our names and types. */
export function anyMessage(table: FieldTable): fc.Arbitrary<Record<string, unknown>> {
  const fields: readonly Field<string, unknown, boolean>[] = Object.values(table)
  const values = Object.fromEntries(fields.map(({ name, format }) => [name, anyValue(format)]))
  const requiredKeys = fields.filter(({ required }) => required).map(({ name }) => name)
  return fc.record(values, { requiredKeys, noNullPrototype: true })
}

/** Any record of texts: names of the table or anything else, values with lone surrogates and control characters too. */
export function anyWireText(table: FieldTable): fc.Arbitrary<Record<string, string>> {
  const name = fc.oneof(
    fc.constantFrom(...Object.keys(table)),
    fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', ''),
    fc.string({ unit: anyCharacter }),
  )
  const value = fc.oneof(
    fc.string({ unit: anyCharacter }),
    fc.string({ unit: anyCharacter, minLength: 30, maxLength: 600 }),
    fc.constantFrom(
      '',
      ' ',
      '0',
      'Y',
      'CARD',
      '1004',
      '99999999999999999999',
      '\uD800',
      '\uDFFF가',
      'a\0b',
      'a\r\nb',
      '😀',
    ),
  )
  return fc.array(fc.tuple(name, value), { maxLength: 30 }).map(Object.fromEntries)
}
