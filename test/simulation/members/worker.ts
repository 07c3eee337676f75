import { type MemberOrder, simulateMembers } from './simulate-members.ts'

/** One process that plays the runs it is given, one after another, until its parent lets go of it. */
process.on('message', async (order: MemberOrder) => {
  process.send?.(await simulateMembers(order))
})
