import type { LocalizedText } from '@sspay/protocol'
import { type CsvRow, UnreadableFileError, wrongValue } from './read-csv.ts'

/** A column by the name in the file's first line, or by its position from 1 in a file without names. */
export type Column = string | number

type Cells<Name extends string> = Readonly<Record<Name, string>>

/** A row by the names of our columns. The cell of a column that the file does not have is empty. */
export interface NamedRow<Name extends string> {
  readonly line: number
  readonly cells: Cells<Name>
}

/** @throws {@link UnreadableFileError} for a column that the first line does not name */
export async function* readColumns<Name extends string>(
  rows: AsyncIterable<CsvRow>,
  columns: Readonly<Record<Name, Column | undefined>>,
): AsyncGenerator<NamedRow<Name>> {
  const entries = Object.entries<Column | undefined>(columns)
  const isNamed = entries.some(([, column]) => typeof column === 'string')
  let positions: readonly (readonly [string, number])[] | undefined
  for await (const { line, cells } of rows) {
    if (positions === undefined) {
      positions = entries.map(([name, column]) => [name, positionOf(column, cells)])
      if (isNamed) continue
    }
    const named = positions.map(([name, position]) => [name, cells[position]?.trim() ?? ''])
    yield { line, cells: Object.fromEntries(named) as Cells<Name> }
  }
}

function positionOf(column: Column | undefined, names: readonly string[]): number {
  if (column === undefined) return -1
  if (typeof column === 'number') return column - 1
  const found = names.findIndex((name) => name.trim() === column)
  if (found !== -1) return found
  throw new UnreadableFileError({
    ko: `1번째 줄에 ${column} 열이 없습니다. ${names.join(', ')} 열이 있습니다. --columns로 대응표를 주세요.`,
    en: `Line 1 has no column ${column}; it has ${names.join(', ')}. Map the columns with --columns.`,
  })
}

const notAmount: LocalizedText = { ko: '금액이 아닙니다.', en: 'It is not an amount in won.' }

/** Whole won, with its sign. Thousands may be separated by commas. */
export function readAmount(line: number, text: string): number {
  if (!/^[+-]?([0-9]{1,13}|[0-9]{1,3}(,[0-9]{3}){1,4})$/.test(text)) throw wrongValue(line, text, notAmount)
  return Number(text.replaceAll(',', ''))
}
