export interface CsvRow {
  /** Its first line, from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

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
      throw new Error(`${maxRowLength}자보다 긴 줄이 있습니다. A line is longer than ${maxRowLength} characters.`)
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

const quoteProblem = (line: number): Error =>
  new Error(`${line}번째 줄 / line ${line}: 따옴표가 맞지 않습니다. A quote is not closed, or stands inside a cell.`)
