/**
 * The part of a file that a page shows: `path`, or `path: "first line" .. "last line"`. The texts are found in the
 * file's lines, the last one after the first; what stands before them on the line stays, and common indentation goes.
 */
export interface RegionReference {
  readonly path: string
  readonly first?: string
  readonly last?: string
}

const form = /^from ([\w./@[\]-]+)(?:: "(.+?)"(?: \.\. "(.+?)")?)?$/

/** Undefined if the comment is not a reference. */
export function readReference(comment: string): RegionReference | undefined {
  const found = form.exec(comment)
  if (found === null) return undefined
  const [, path = '', first, last] = found
  return { path, ...(first === undefined ? {} : { first }), ...(last === undefined ? {} : { last }) }
}

/**
 * Undefined when the file has no such lines. Without `last` the region ends before the next empty line at the same
 * depth or less.
 */
export function regionOf(source: string, { first, last }: RegionReference): string | undefined {
  const lines = source.trimEnd().split('\n')
  if (first === undefined) return lines.join('\n')
  const start = lines.findIndex((line) => line.includes(first))
  if (start === -1) return undefined
  const end =
    last === undefined ? endOfBlock(lines, start) : lines.findIndex((line, at) => at >= start && line.includes(last))
  return end === -1 ? undefined : dedented(lines.slice(start, end + 1))
}

const depthOf = (line: string): number => line.length - line.trimStart().length

function endOfBlock(lines: readonly string[], start: number): number {
  const depth = depthOf(lines[start] ?? '')
  const next = lines.findIndex((line, at) => {
    if (at <= start || line.trim() !== '') return false
    const following = lines.slice(at).find((later) => later.trim() !== '')
    return following === undefined || (depthOf(following) <= depth && !/^\s*[})\]]/.test(following))
  })
  return next === -1 ? lines.length - 1 : next - 1
}

function dedented(lines: readonly string[]): string {
  const depth = Math.min(...lines.filter((line) => line.trim() !== '').map(depthOf))
  return lines.map((line) => line.slice(depth)).join('\n')
}
