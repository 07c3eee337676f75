/** A row with a set of values per column: every combination has the same `result`. */
export interface MergedRow {
  readonly columns: readonly ReadonlySet<string>[]
  readonly result: string
}

/** Merges rows with the same result that differ in one column only, until no two do. */
export function mergeRows(rows: readonly MergedRow[]): readonly MergedRow[] {
  const width = rows[0]?.columns.length ?? 0
  let merged = rows
  for (let before = Number.POSITIVE_INFINITY; merged.length < before; ) {
    before = merged.length
    for (let column = width - 1; column >= 0; column--) merged = mergeColumn(merged, column)
  }
  return merged
}

function mergeColumn(rows: readonly MergedRow[], column: number): readonly MergedRow[] {
  const alike = Map.groupBy(rows, ({ columns, result }) =>
    JSON.stringify([result, ...columns.map((values, index) => (index === column ? '' : [...values].sort()))]),
  )
  return [...alike.values()].map(([first, ...others]) => {
    const { columns, result } = first as MergedRow
    const values = new Set(
      [columns[column], ...others.map((other) => other.columns[column])].flatMap((set) => [...(set ?? [])]),
    )
    return { columns: columns.map((old, index) => (index === column ? values : old)), result }
  })
}
