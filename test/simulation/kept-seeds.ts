import type { WorldOrder } from './simulate-world.ts'

/** Worlds in which something once went wrong: they are played on every check, so that it does not come back. */
export const keptSeeds: readonly WorldOrder[] = []
