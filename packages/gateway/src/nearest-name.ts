/** The known name that `given` is probably meant to be: at most two typing errors away, or one for a short name. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  const typed = given.toLowerCase()
  const distances = known.map((name) => ({ name, distance: distanceBetween(typed, name.toLowerCase()) }))
  const [nearest] = distances.sort((one, other) => one.distance - other.distance)
  return nearest !== undefined && nearest.distance <= (nearest.name.length < 6 ? 1 : 2) ? nearest.name : undefined
}

/** Optimal string alignment: insertions, deletions, substitutions and transpositions of neighbours count 1 each. */
function distanceBetween(one: string, other: string): number {
  let [beforeLast, last]: number[][] = [[], Array.from({ length: other.length + 1 }, (_, column) => column)]
  for (let row = 1; row <= one.length; row++) {
    const current = [row]
    for (let column = 1; column <= other.length; column++) {
      const substituted = at(last, column - 1) + (one[row - 1] === other[column - 1] ? 0 : 1)
      const isSwapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      current[column] = Math.min(
        substituted,
        at(last, column) + 1,
        at(current, column - 1) + 1,
        isSwapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    ;[beforeLast, last] = [last, current]
  }
  return at(last, other.length)
}

const at = (row: readonly number[] | undefined, column: number): number => row?.[column] ?? Number.POSITIVE_INFINITY
