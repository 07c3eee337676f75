/** The known name that contains the given one, or is contained in it; case does not matter. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const typed = given.toLowerCase()
  if (typed.length < 3) return undefined
  return known.find((name) => name.toLowerCase().includes(typed) || typed.includes(name.toLowerCase()))
}
