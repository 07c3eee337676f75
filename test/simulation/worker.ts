import { simulateWorld, type WorldOrder } from './simulate-world.ts'

/** One process that plays the worlds it is given, one after another, until its parent lets go of it. */
process.on('message', async (order: WorldOrder) => {
  process.send?.(await simulateWorld(order))
})
