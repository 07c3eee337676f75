/** How many letters must be put in, taken out, changed or swapped with their neighbour to get from one to the other. */
function distanceBetween(from: string, to: string): number {
  let [before, last]: readonly (readonly number[])[] = [[], Array.from({ length: to.length + 1 }, (_, at) => at)]
  for (let row = 1; row <= from.length; row++) {
    const next = [row]
    for (let at = 1; at <= to.length; at++) {
      const changes = Number(from[row - 1] !== to[at - 1])
      const ways = [(last?.[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1, (last?.[at - 1] ?? 0) + changes]
      if (isSwapped(from, row, to, at)) ways.push((before?.[at - 2] ?? 0) + 1)
      next.push(Math.min(...ways))
    }
    ;[before, last] = [last ?? [], next]
  }
  return last?.at(-1) ?? 0
}

/** The two letters before `row` are those before `at` in the other order. */
const isSwapped = (from: string, row: number, to: string, at: number): boolean =>
  row > 1 && at > 1 && from[row - 1] === to[at - 2] && from[row - 2] === to[at - 1]

/** What somebody who typed `given` most likely meant, if anything: one letter in three may be wrong, or the end be missing. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  if (given.length < 2) return undefined
  const typed = given.toLowerCase()
  const near = known
    .map((name) => ({ name, distance: distanceBetween(typed, name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(name.length / 3)))
    .toSorted((one, other) => one.distance - other.distance)
  return near[0]?.name ?? known.find((name) => typed.length >= 3 && name.toLowerCase().startsWith(typed))
}
