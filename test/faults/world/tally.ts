/** Counts by name, for the report. */
export interface Tally {
  add(name: string, count?: number): void
  counts(): Readonly<Record<string, number>>
}

export function createTally(): Tally {
  const counted = new Map<string, number>()
  return {
    add(name, count = 1) {
      counted.set(name, (counted.get(name) ?? 0) + count)
    },
    counts: () => Object.fromEntries([...counted].sort(([left], [right]) => (left < right ? -1 : 1))),
  }
}
