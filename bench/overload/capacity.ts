import { noLatencyTarget } from '../load/latency-target.ts'
import { type Setup, withGateway } from './setup.ts'

export interface Capacity {
  readonly perSecond: number
  /** With so many connections. */
  readonly atOnce: number
}

const ticketsPerLevel = 3_000
const levels = [16, 32, 64, 128, 256]

/** Approvals a second of a closed loop with more and more connections, until that stops rising. */
export async function findCapacity(setup: Setup, cpuShare: number | undefined): Promise<Capacity> {
  const tickets = await setup.place.makeTickets((levels.length + 1) * ticketsPerLevel)
  return withGateway(setup, { targetLatencyMs: noLatencyTarget, cpuShare }, async (gateway) => {
    let best = { perSecond: 0, atOnce: 0 }
    // The first one is not counted: it warms up.
    for (const [index, connections] of [64, ...levels].entries()) {
      const part = tickets.slice(index * ticketsPerLevel, (index + 1) * ticketsPerLevel)
      const [answer] = await gateway.run({ tickets: part, connections, stages: [{ seconds: 3 }] })
      const figures = answer?.stages[0]
      if (figures === undefined || index === 0) continue
      const perSecond = figures.approvedMs.length / figures.seconds
      if (perSecond < 1.05 * best.perSecond) break
      best = { perSecond, atOnce: connections }
    }
    return best
  })
}
