/** Counts of a table against what a fair draw expects of each cell. */
export const chiSquare = (counts: ArrayLike<number>, expected: number): number => {
  let sum = 0
  for (let index = 0; index < counts.length; index++) sum += ((counts[index] as number) - expected) ** 2
  return sum / expected
}

/**
 * How many standard deviations a χ² lies above what chance gives (Wilson–Hilferty; exact to the second digit from 30
 * degrees of freedom on). Below zero: more even than usual.
 */
export function deviationsOf(chiSquared: number, degreesOfFreedom: number): number {
  const spread = 2 / (9 * degreesOfFreedom)
  return (Math.cbrt(chiSquared / degreesOfFreedom) - (1 - spread)) / Math.sqrt(spread)
}

/** Two-sided p = 0.001: too uneven is a bias, too even is no chance either. */
export const isChance = (deviations: number): boolean => Math.abs(deviations) < 3.2905
