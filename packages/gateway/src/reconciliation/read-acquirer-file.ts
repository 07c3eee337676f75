import { createReadStream } from 'node:fs'
import { koreanDayOf, readKoreanDay } from '@sspay/protocol/internal'
import { type NamedRow, readAmount, readColumns } from './columns.ts'
import { type FileMapping, readFileMapping } from './mapping-file.ts'
import type { EntryKind } from './model.ts'
import { type FileCharset, readCsvFile, wrongValue } from './read-csv.ts'

/** What a row of an acquirer's file may be. */
export type FileKind = Exclude<EntryKind, 'indeterminate'>

/**
 * How an acquirer's file is read. Without a kind a negative amount is a refund, every other one an approval; without a
 * time days are not compared. Rows of the kind `ignored` are left out, such as those with sums.
 */
export type Mapping = FileMapping<
  'transactionId' | 'amount' | 'kind' | 'time',
  'transactionId' | 'amount',
  FileKind | 'ignored'
>

/** The files of `sspay-gateway report` and `sspay cards ledger`. */
export const usualMapping: Mapping = {
  delimiter: ',',
  columns: { transactionId: '거래번호', amount: '금액', kind: '구분', time: '시각' },
  kinds: { approval: ['승인'], refund: ['취소'], reversal: ['망취소'], ignored: ['미확정'] },
}

/** @throws with the wrong entry and the rule for it */
export const readMapping = (json: unknown): Mapping => readFileMapping(json, usualMapping, ['transactionId', 'amount'])

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
  { mapping, charset }: { readonly mapping: Mapping; readonly charset: FileCharset },
): AsyncGenerator<FileRow> {
  const { delimiter, columns, kinds } = mapping
  const { transactionId, amount, kind, time } = columns
  const rows = readCsvFile(createReadStream(file), { name: file, charset, delimiter })
  for await (const row of readColumns(rows, { transactionId, amount, kind, time })) {
    if (kind !== undefined && kinds.ignored.includes(row.cells.kind)) continue
    yield readRow(row, mapping)
  }
}

function readRow({ line, cells }: NamedRow<keyof Mapping['columns']>, { columns, kinds }: Mapping): FileRow {
  const amount = readAmount(line, cells.amount)
  const kind = columns.kind === undefined ? kindOfAmount(amount) : findKind(kinds, cells.kind)
  if (kind === undefined)
    throw wrongValue(line, cells.kind, {
      ko: '모르는 구분입니다.',
      en: 'It is an unknown kind of row; name it in the mapping, also to ignore it.',
    })
  const { transactionId } = cells
  if (!/^[!-~]{1,100}$/.test(transactionId))
    throw wrongValue(line, transactionId, { ko: '거래번호가 아닙니다.', en: 'It is not a transaction id.' })
  const day = columns.time === undefined ? undefined : readRowDay(line, cells.time)
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
  if (day === undefined)
    throw wrongValue(line, text, {
      ko: '날짜가 아닙니다.',
      en: 'It does not begin with a day, such as 2026-12-01.',
    })
  return day.name
}
