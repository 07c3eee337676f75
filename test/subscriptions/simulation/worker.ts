import { type BillingOrder, simulateBilling } from './simulate-billing.ts'

/** One process that plays the runs it is given, one after another, until its parent lets go of it. */
process.on('message', async (order: BillingOrder) => {
  process.send?.(await simulateBilling(order))
})
