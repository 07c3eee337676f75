import { createReadStream } from 'node:fs'
import { koreanDayOf, readKoreanDay } from '@sspay/protocol/internal'
import type { Column, FileKind, Mapping } from './mapping.ts'
import { type CsvRow, readCsvRows } from './read-csv.ts'

/** One row of an acquirer's file. */
export interface FileRow {
  readonly line: number
  readonly kind: FileKind
  readonly transactionId: string
  /** Whole won. Of an approval as it is written, else without its sign. */
  readonly amount: number
  /** `2026-12-01`; undefined when the file has no times. */
  readonly day: string | undefined
}

/** @throws with the line, for a file of another charset, a column that is missing, or a value that cannot be read */
export async function* readAcquirerFile(
  file: string,
  { mapping, charset }: { readonly mapping: Mapping; readonly charset: 'utf-8' | 'cp949' },
): AsyncGenerator<FileRow> {
  let positions: Positions | undefined
  const isNamed = typeof mapping.columns.amount === 'string'
  for await (const row of readCsvRows(textOf(file, charset), mapping.delimiter)) {
    if (positions === undefined) {
      positions = positionsOf(mapping, isNamed ? row.cells : undefined)
      if (isNamed) continue
    }
    const read = readRow(row, positions, mapping)
    if (read !== undefined) yield read
  }
}

async function* textOf(file: string, charset: 'utf-8' | 'cp949'): AsyncGenerator<string> {
  const decoder = new TextDecoder(charset === 'utf-8' ? 'utf-8' : 'euc-kr', { fatal: true })
  try {
    for await (const chunk of createReadStream(file)) yield decoder.decode(chunk as Buffer, { stream: true })
    yield decoder.decode()
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    const other = charset === 'utf-8' ? 'cp949' : 'utf-8'
    throw new Error(
      `${file}: ${charset}이 아닙니다. --charset ${other}일 수 있습니다. It is not in ${charset}; it may be --charset ${other}.`,
      { cause },
    )
  }
}

type Positions = { readonly [Name in keyof Mapping['columns']]-?: number | undefined }

function positionsOf({ columns }: Mapping, names: readonly string[] | undefined): Positions {
  const find = (column: Column | undefined): number | undefined => {
    if (column === undefined) return undefined
    if (typeof column === 'number') return column - 1
    const found = names?.findIndex((name) => name.trim() === column) ?? -1
    if (found === -1)
      throw new Error(
        `1번째 줄에 ${column} 열이 없습니다. Line 1 has no column ${column}; it has ${names?.join(', ')}. Map the columns with --columns.`,
      )
    return found
  }
  return {
    transactionId: find(columns.transactionId),
    amount: find(columns.amount),
    kind: find(columns.kind),
    time: find(columns.time),
  }
}

function readRow({ line, cells }: CsvRow, positions: Positions, { kinds }: Mapping): FileRow | undefined {
  const cellAt = (position: number | undefined): string => cells[position ?? -1]?.trim() ?? ''
  const kindText = cellAt(positions.kind)
  if (positions.kind !== undefined && kinds.ignored.includes(kindText)) return undefined
  const amountText = cellAt(positions.amount)
  if (!/^[+-]?([0-9]{1,13}|[0-9]{1,3}(,[0-9]{3}){1,4})$/.test(amountText))
    throw wrong(line, amountText, '금액이 아닙니다. It is not an amount in won.')
  const amount = Number(amountText.replaceAll(',', ''))
  const kind = positions.kind === undefined ? kindOfAmount(amount) : findKind(kinds, kindText)
  if (kind === undefined)
    throw wrong(
      line,
      kindText,
      '모르는 구분입니다. It is an unknown kind of row; name it in the mapping, also to ignore it.',
    )
  const transactionId = cellAt(positions.transactionId)
  if (!/^[!-~]{1,100}$/.test(transactionId))
    throw wrong(line, transactionId, '거래번호가 아닙니다. It is not a transaction id.')
  const day = positions.time === undefined ? undefined : readRowDay(line, cellAt(positions.time))
  return { line, kind, transactionId, amount: kind === 'approval' ? amount : Math.abs(amount), day }
}

const kindOfAmount = (amount: number): FileKind => (amount < 0 ? 'refund' : 'approval')

const findKind = (kinds: Mapping['kinds'], text: string): FileKind | undefined =>
  (['approval', 'refund', 'reversal'] as const).find((kind) => kinds[kind].includes(text))

/** A day of Korea: `20261201…` or `2026-12-01…` with any separators. A time with an offset is an instant. */
function readRowDay(line: number, text: string): string {
  if (/^[0-9]{4}-.+T.+(Z|[+-][0-9]{2}:?[0-9]{2})$/.test(text) && !Number.isNaN(Date.parse(text)))
    return koreanDayOf(new Date(text))
  const [, year, month, date] = /^(20[0-9]{2})[^0-9]?([0-9]{2})[^0-9]?([0-9]{2})/.exec(text) ?? []
  const day = readKoreanDay(`${year}-${month}-${date}`)
  if (day === undefined) throw wrong(line, text, '날짜가 아닙니다. It does not begin with a day, such as 2026-12-01.')
  return day.name
}

const wrong = (line: number, value: string, rule: string): Error =>
  new Error(`${line}번째 줄 / line ${line}: ${JSON.stringify(value.slice(0, 100))}: ${rule}`)
