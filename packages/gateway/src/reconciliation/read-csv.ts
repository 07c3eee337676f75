import type { LocalizedText } from '@sspay/protocol'

/** A file that cannot be compared, with its line and value. The message is in Korean and English. */
export class UnreadableFileError extends Error {
  readonly text: LocalizedText

  constructor(text: LocalizedText, options?: ErrorOptions) {
    super(`${text.ko} ${text.en}`, options)
    this.name = 'UnreadableFileError'
    this.text = text
  }
}

/** The value of a line, and the rule that it breaks. */
export const wrongValue = (line: number, value: string, { ko, en }: LocalizedText): UnreadableFileError => {
  const shown = JSON.stringify(value.slice(0, 100))
  return new UnreadableFileError({
    ko: `${line}번째 줄 ${shown}: ${ko}`,
    en: `line ${line}: ${shown}: ${en}`,
  })
}

export interface CsvRow {
  /** Its first line, from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

/** Excel writes Korean in CP949, unless it is asked for UTF-8. */
export type FileCharset = 'utf-8' | 'cp949'

/** A row beyond this length is no row: an unclosed quote has swallowed the file. */
const maxRowLength = 64 * 1024

/**
 * Reads RFC 4180 row by row, with any delimiter; empty lines are left out.
 *
 * @throws for a quote that is not closed, or in the middle of a cell
 */
export async function* readCsvRows(pieces: AsyncIterable<string>, delimiter: string): AsyncGenerator<CsvRow> {
  let unfinished = ''
  let [line, firstLine] = [0, 1]
  for await (const text of linesOf(pieces)) {
    line++
    if (unfinished === '') firstLine = line
    const row = unfinished === '' ? text : `${unfinished}\n${text}`
    unfinished = isFinished(row) ? '' : row
    if (unfinished.length > maxRowLength) throw quoteProblem(firstLine)
    if (unfinished === '' && row !== '') yield { line: firstLine, cells: splitRow(row, delimiter, firstLine) }
  }
  if (unfinished !== '') throw quoteProblem(firstLine)
}

async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  const trimmed = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line)
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > maxRowLength)
      throw new UnreadableFileError({
        ko: `${maxRowLength}자보다 긴 줄이 있습니다.`,
        en: `A line is longer than ${maxRowLength} characters.`,
      })
    for (const line of lines) yield trimmed(line)
  }
  if (rest !== '') yield trimmed(rest)
}

/** Whether every quote is closed; a quote within a cell is written twice. */
const isFinished = (row: string): boolean => row.split('"').length % 2 === 1

function splitRow(row: string, delimiter: string, line: number): readonly string[] {
  if (!row.includes('"')) return row.split(delimiter)
  const cells: string[] = []
  for (let at = 0; at <= row.length; at++) {
    const [text = ''] = /^"(?:[^"]|"")*"/.exec(row.slice(at)) ?? []
    const end = text === '' ? row.indexOf(delimiter, at) : at + text.length
    const cellEnd = end === -1 ? row.length : end
    if (text === '' ? row.slice(at, cellEnd).includes('"') : cellEnd < row.length && row[cellEnd] !== delimiter)
      throw quoteProblem(line)
    cells.push(text === '' ? row.slice(at, cellEnd) : text.slice(1, -1).replaceAll('""', '"'))
    at = cellEnd
  }
  return cells
}

const quoteProblem = (line: number): UnreadableFileError =>
  new UnreadableFileError({
    ko: `${line}번째 줄: 따옴표가 맞지 않습니다.`,
    en: `line ${line}: A quote is not closed, or stands inside a cell.`,
  })

/**
 * Reads a CSV file in that charset.
 *
 * @throws {@link UnreadableFileError} for a file in another one
 */
export async function* readCsvFile(
  chunks: AsyncIterable<Uint8Array>,
  { name, charset, delimiter }: { readonly name: string; readonly charset: FileCharset; readonly delimiter: string },
): AsyncGenerator<CsvRow> {
  yield* readCsvRows(decode(chunks, name, charset), delimiter)
}

async function* decode(chunks: AsyncIterable<Uint8Array>, name: string, charset: FileCharset): AsyncGenerator<string> {
  const decoder = new TextDecoder(charset === 'utf-8' ? 'utf-8' : 'euc-kr', { fatal: true })
  try {
    for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true })
    yield decoder.decode()
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    const other = charset === 'utf-8' ? 'cp949' : 'utf-8'
    throw new UnreadableFileError(
      {
        ko: `${name}: ${charset}이 아닙니다. --charset ${other}일 수 있습니다.`,
        en: `${name}: It is not in ${charset}; it may be --charset ${other}.`,
      },
      { cause },
    )
  }
}
