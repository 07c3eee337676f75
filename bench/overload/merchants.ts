import type { Merchant } from '@sspay/gateway'
import { testMerchant } from '../../packages/sandbox/src/test-merchant.ts'
import type { Ticket } from '../../test/support/quick-payment.ts'
import type { StageFigures } from '../load/generator.ts'
import { type FloodOptions, ticketsOfFlood } from './flood.ts'
import { type Setup, withGateway } from './setup.ts'

export interface MerchantsFigures {
  /** The other merchants, without the flood and beside it. */
  readonly alone: StageFigures
  readonly beside: StageFigures
  readonly flood: StageFigures
}

/** Load of the other merchants together, as a share of the capacity. */
export const steadyShare = 0.2
const steadyConnections = 192
const warmUpTickets = 3_000

const otherMerchants: readonly Merchant[] = [2, 3, 4].map((number) => ({
  ...testMerchant,
  merchantId: `ssptest0${number}m`,
  easyPayMerchantId: `SSPTEST0${number}p`,
}))

/** One merchant floods the gateway while others keep their steady load, on connections of their own. */
export async function runMerchants(setup: Setup, options: FloodOptions): Promise<MerchantsFigures> {
  const { capacityPerSecond, perSecond, seconds, connections } = options
  const steady = { seconds, perSecond: steadyShare * capacityPerSecond }
  // One that is shed is sent again later, so as many are enough as are due.
  const steadyTickets = Math.ceil(steady.perSecond * seconds) + steadyConnections
  const warm = await setup.place.makeTickets(warmUpTickets)
  const forAlone = await makeSteadyTickets(setup, steadyTickets)
  const forBeside = await makeSteadyTickets(setup, steadyTickets)
  const forFlood = await setup.place.makeTickets(ticketsOfFlood(capacityPerSecond, seconds, connections))
  return withGateway(setup, options, async (gateway) => {
    const others = (tickets: readonly Ticket[]) => ({ tickets, connections: steadyConnections, stages: [steady] })
    await gateway.run({ tickets: warm, connections: 256, stages: [{ seconds: 4 }] })
    const [alone] = await gateway.run(others(forAlone))
    const flooding = { tickets: forFlood, connections, stages: [{ seconds, perSecond }] }
    const [flood, beside] = await gateway.run(flooding, others(forBeside))
    return { alone: alone?.stages[0], beside: beside?.stages[0], flood: flood?.stages[0] } as MerchantsFigures
  })
}

/** Makes tickets of the other merchants in turn. */
async function makeSteadyTickets({ place }: Setup, count: number): Promise<readonly Ticket[]> {
  const each = Math.ceil(count / otherMerchants.length)
  const sets: (readonly Ticket[])[] = []
  for (const merchant of otherMerchants) sets.push(await place.makeTickets(each, merchant))
  return Array.from({ length: each }, (_, index) => sets.flatMap((tickets) => tickets.slice(index, index + 1))).flat()
}

/** The share of what was due that was not approved when it was sent: shed, failed, or without a connection. */
export const lossOf = ({ due, approvedMs }: StageFigures): number => 1 - approvedMs.length / due
