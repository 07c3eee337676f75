/** A text is shown as it is; a number stays a number for whoever adds it up. */
export type CsvCell = string | number

/** What a spreadsheet may take for a formula, also behind blanks and in the wide letters of an East Asian keyboard. */
const formulaStart = /^[\s\p{Cf}\p{Cc}]*[=+\-@＝＋－＠]|^[\t\r\n]/u

/** RFC 4180. A text that would be a formula begins with an apostrophe, which makes it text (CWE-1236). */
export const writeCsvRow = (cells: readonly CsvCell[]): string => `${cells.map(writeCell).join(',')}\r\n`

function writeCell(cell: CsvCell): string {
  if (typeof cell === 'number') return String(cell)
  const text = formulaStart.test(cell) ? `'${cell}` : cell
  return `"${text.replaceAll('"', '""')}"`
}
