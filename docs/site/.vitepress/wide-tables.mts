/** A token of markdown-it, as far as a table needs it. */
export interface TableToken {
  readonly type: string
  readonly content: string
  attrSet(name: string, value: string): void
}

const mostNarrowColumns = 4

/** The cells of a wide table know their heading: on a phone each row is a card. */
export function labelWideTables(tokens: readonly TableToken[]): void {
  for (const [start, table] of tokens.entries()) {
    if (table.type !== 'table_open') continue
    const end = tokens.findIndex(({ type }, index) => index > start && type === 'table_close')
    const inside = tokens.slice(start, end)
    const headings = headingsOf(inside)
    if (headings.length <= mostNarrowColumns) continue
    const cells = inside.filter(({ type }) => type === 'td_open')
    for (const [index, cell] of cells.entries()) cell.attrSet('data-heading', headings[index % headings.length] ?? '')
  }
}

const headingsOf = (table: readonly TableToken[]): readonly string[] =>
  table.flatMap(({ type }, index) =>
    type === 'th_open' ? [(table[index + 1]?.content ?? '').replaceAll('`', '')] : [],
  )
