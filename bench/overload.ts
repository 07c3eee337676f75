import { type Bound, checkBounds } from './bounds.ts'
import { markdownTable, readOptions } from './command.ts'
import { bySecond, bySecondHead, timeOf } from './load/by-second.ts'
import type { StageFigures } from './load/generator.ts'
import { usualLatencyTarget } from './load/latency-target.ts'
import { type Capacity, findCapacity } from './overload/capacity.ts'
import { type Flood, type FloodOptions, recoveryMs, runFlood } from './overload/flood.ts'
import { lossOf, type MerchantsFigures, runMerchants, steadyShare } from './overload/merchants.ts'
import { countLedgerMismatches, openSetup } from './overload/setup.ts'
import { quantile } from './stats.ts'

const help = `What a gateway does with ten times the approvals that it can take.

  node bench/overload.ts [--parts flood,merchants] [--engine sqlite|postgres] [--times 10] [--seconds 30] [--latency 50]
                         [--connections 1024] [--latency-target 40] [--gateway-cpu 0.5] [--json]

The gateway is a process as an operator starts it. The card network, which answers after --latency milliseconds, and each load are processes of
their own. The capacity is what a closed loop gets through, more connections until that stops rising, without a latency target.

flood      a light load of 50 a second gives the idle times; then --times the capacity is due every second for --seconds, whether it is
           answered or not, over --connections that are open before; and at once the light load again
merchants  the same flood by one merchant, and at the same time ${100 * steadyShare} % of the capacity by three others, on connections of their own

A request that finds no free connection when it is due is unsent: the pool of the shop is exhausted, and nothing is sent later. So the tables have
three rates: what was due, what reached the gateway, and what was unsent. Times run from when a request was due. A ticket that was shed is sent again
later. At the end every approval must stand in the tables and have been charged once.
--latency-target is the gateway's setting; a large number shows what happens without it. --gateway-cpu gives the gateway that part of a core by
a control group, so that the load, which needs the same machine, can be offered. Ends with 1 when a bound is not kept.
`

const values = readOptions(help, {
  parts: { type: 'string', default: 'flood,merchants' },
  engine: { type: 'string', default: 'sqlite' },
  times: { type: 'string', default: '10' },
  seconds: { type: 'string', default: '30' },
  'latency-target': { type: 'string', default: usualLatencyTarget },
  latency: { type: 'string', default: '50' },
  connections: { type: 'string', default: '1024' },
  'gateway-cpu': { type: 'string' },
})

const parts = values.parts.split(',')
const cpuShare = values['gateway-cpu'] === undefined ? undefined : Number(values['gateway-cpu'])

const head = [
  ...['', 'Due/s', 'Reached/s', 'Unsent/s', 'Approved/s', 'Shed/s'],
  ...['p50, ms', 'p99, ms', 'Shed p50, ms', 'Shed p99, ms'],
]

function rowOf(name: string, figures: StageFigures): readonly string[] {
  const { seconds, due, unsent, approvedMs, shedMs } = figures
  const rates = [due, due - unsent, unsent, approvedMs.length, shedMs.length].map((one) => (one / seconds).toFixed(0))
  const times = [approvedMs, shedMs].flatMap((took) => [timeOf(took, 0.5), timeOf(took, 0.99)])
  return [name, ...rates, ...times]
}

/** Answers that are neither an approval nor shed load. */
const countOthers = (stages: readonly StageFigures[]): number =>
  stages.flatMap(({ others }) => Object.values(others)).reduce((sum, count) => sum + count, 0)

const p99Of = ({ approvedMs }: StageFigures): number => quantile(approvedMs, 0.99)

function boundsOfFlood({ idle, flood, after }: Flood, capacity: Capacity): readonly Bound[] {
  const goodput = flood.approvedMs.length / flood.seconds / capacity.perSecond
  const backSeconds = recoveryMs(after, 1.5 * p99Of(idle)) / 1000
  return [
    { name: 'Goodput ÷ capacity', measured: goodput, least: 0.8 },
    { name: 'p99 of what is admitted ÷ idle p99', measured: p99Of(flood) / p99Of(idle), most: 3 },
    { name: 'Back within 1.5 × idle p99, s', measured: backSeconds, most: 5 },
  ]
}

const boundsOfMerchants = ({ beside }: MerchantsFigures): readonly Bound[] => [
  { name: 'Approvals that the other merchants lose beside the flood, %', measured: 100 * lossOf(beside), most: 10 },
]

const describeFlood = ({ idle, flood, after, floodCpu }: Flood, { perSecond }: FloodOptions): string => `
${markdownTable(head, [rowOf('idle', idle), rowOf(`${values.times} × capacity`, flood), rowOf('idle again', after)])}

The seconds of ${values.times} × capacity:

${markdownTable(bySecondHead, bySecond(flood, perSecond))}

A turn of the load itself: ${timeOf(flood.turnMs, 0.5)} ms, p99 ${timeOf(flood.turnMs, 0.99)} ms.
CPU in cores: gateway ${floodCpu.gateway.toFixed(2)}, load ${floodCpu.generator.toFixed(2)}, everything else on this machine ${floodCpu.others.toFixed(2)}.
Answers that are neither approval nor shed: ${JSON.stringify([flood.others, after.others])}.`

const describeMerchants = ({ alone, beside, flood }: MerchantsFigures): string => `
${markdownTable(head, [
  rowOf('three merchants', alone),
  rowOf('three merchants beside the flood', beside),
  rowOf('the merchant that floods', flood),
])}

The three merchants lose ${(100 * lossOf(beside)).toFixed(1)} % of their approvals beside the flood, ${(100 * lossOf(alone)).toFixed(1)} % without it.
Answers that are neither approval nor shed: ${JSON.stringify([alone.others, beside.others, flood.others])}.`

const setup = await openSetup(values.engine, Number(values.latency))
try {
  const capacity = await findCapacity(setup, cpuShare)
  const options: FloodOptions = {
    capacityPerSecond: capacity.perSecond,
    perSecond: Math.round(capacity.perSecond * Number(values.times)),
    ...{ seconds: Number(values.seconds), connections: Number(values.connections) },
    ...{ targetLatencyMs: Number(values['latency-target']), cpuShare },
  }
  const flood = parts.includes('flood') ? await runFlood(setup, options) : undefined
  const merchants = parts.includes('merchants') ? await runMerchants(setup, options) : undefined
  const mismatches = await countLedgerMismatches(setup)
  const flooded = [flood?.flood, flood?.after, merchants?.flood, merchants?.beside].filter((one) => one !== undefined)
  const bounds: readonly Bound[] = [
    ...(flood === undefined ? [] : boundsOfFlood(flood, capacity)),
    ...(merchants === undefined ? [] : boundsOfMerchants(merchants)),
    { name: 'Answers that are neither approval nor shed', measured: countOthers(flooded), most: 0 },
    { name: `Ledgers that do not match, of ${setup.approved.length} approvals`, measured: mismatches, most: 0 },
  ]
  const table = checkBounds(bounds)
  if (values.json) console.log(JSON.stringify({ capacity, bounds, flood, merchants }))
  else {
    console.log(`Capacity: ${capacity.perSecond.toFixed(0)} approvals a second, with ${capacity.atOnce} at once.`)
    if (flood !== undefined) console.log(describeFlood(flood, options))
    if (merchants !== undefined) console.log(describeMerchants(merchants))
    console.log(`\n${table.trim()}`)
  }
} finally {
  await setup.close()
}
