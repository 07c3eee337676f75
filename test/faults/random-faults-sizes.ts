/** How many payments meet random faults, at each size of the proof. */
export const paymentsBySize = { short: 90, medium: 600, thorough: 20_000 } as const
