import { bySize } from '../../support/proof-size.ts'

/** Enough for every attack, of which each comes in turn. */
export const shortMembers = 16

export const members = bySize({ short: shortMembers, medium: 60, thorough: 2_000 })
