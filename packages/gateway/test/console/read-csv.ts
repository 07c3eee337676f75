/** An independent parser of RFC 4180: rows by the names of the first line. Throws on any other text. */
export function readCsv(text: string): readonly Readonly<Record<string, string>>[] {
  const rows: string[][] = []
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/y
  let row: string[] = []
  const source = text.replace(/^\uFEFF/, '')
  while (cell.lastIndex < source.length) {
    const at = cell.lastIndex
    const found = cell.exec(source)
    if (found === null) throw new Error(`no cell at ${at}: ${source.slice(at, at + 40)}`)
    row.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '')
    if (found[3] === ',') continue
    rows.push(row)
    row = []
  }
  const [names = [], ...rest] = rows
  return rest.map((cells) => {
    if (cells.length !== names.length) throw new Error(`${cells.length} cells instead of ${names.length}`)
    return Object.fromEntries(cells.map((value, index) => [names[index] ?? '', value]))
  })
}
