import { type RunOrder, simulateRun } from './simulate-run.ts'

/** One process that plays the runs it is given, one after another, until its parent lets go of it. */
process.on('message', async (order: RunOrder) => {
  process.send?.(await simulateRun(order))
})
