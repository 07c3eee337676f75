/** A code is itself: S002 finds, and highlights, neither S001 nor S003. */
export const fuzzinessOf = (term: string): number | false => (/\d/.test(term) ? false : 0.2)
