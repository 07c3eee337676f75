import { setTimeout as pause } from 'node:timers/promises'
import { defaultSettings } from '@sspay/gateway'
import { type GatewayProcess, startGateway } from '../test/cluster/gateways.ts'
import type { Ticket } from '../test/support/quick-payment.ts'
import { markdownTable, readOptions } from './command.ts'
import { bySecond, bySecondHead, timeOf } from './load/by-second.ts'
import { type SlowCardNetwork, startSlowCardNetwork } from './load/card-network.ts'
import { limitCpu } from './load/cpu-quota.ts'
import { cpuSecondsBetween, cpuSecondsOf, machineCpuSeconds } from './load/cpu-time.ts'
import { type Generator, startGenerator } from './load/generate.ts'
import type { LoadAnswer, Stage, StageFigures } from './load/generator.ts'
import { type GatewayPlace, openGatewayPlace } from './load/place.ts'
import { quantile } from './stats.ts'

const help = `What a gateway does with ten times the approvals that it can take.

  node bench/overload.ts [--engine sqlite|postgres] [--times 10] [--seconds 30] [--latency 50] [--connections 1024]
                         [--calm 40] [--gateway-cpu 0.5] [--json]

The gateway is a process as an operator starts it, the card network answers after --latency milliseconds, the load comes from a process of
its own over kept connections. In this order: the capacity is what a closed loop gets through, more connections until that stops rising, with the door
open; a light load of 50 a second gives the idle times; then --times the capacity is due every second for --seconds, whether it
is answered or not, and at once the light load again. All connections are open before. Times run from when a request was due, so they hold
what the load itself was late. A refused ticket is sent again later. At the end every approval must stand in the tables and have been charged once.
--calm is the gateway's SSPAY_LATENCY_TARGET_MS; a large number shows what happens without it. --gateway-cpu gives the gateway that part of a core by a control group: so the load, which needs the same machine, can be offered.
Exits with 1 when admitted approvals take more than three times the idle p99, when the gateway needs more than five seconds to be back within 1.5 times
of it, when anything but "approved" and S901 is answered, or when the books do not match.
`

const values = readOptions(help, {
  engine: { type: 'string', default: 'sqlite' },
  times: { type: 'string', default: '10' },
  seconds: { type: 'string', default: '30' },
  calm: { type: 'string', default: String(defaultSettings.limits.latencyTargetMs) },
  latency: { type: 'string', default: '50' },
  connections: { type: 'string', default: '1024' },
  'gateway-cpu': { type: 'string' },
})

const lightPerSecond = 50
const [times, seconds, connections] = [values.times, values.seconds, values.connections].map(Number) as [
  ...[number, number, number],
]
const doorOpen = { SSPAY_LATENCY_TARGET_MS: '60000' }

interface World {
  readonly place: GatewayPlace
  readonly network: SlowCardNetwork
  readonly generator: Generator
  readonly approved: string[]
}

/** Gives `work` a gateway in a process of its own, and counts what was approved there. */
async function withGateway<Result>(
  { place, network, generator, approved }: World,
  environment: Readonly<Record<string, string>>,
  work: (
    load: (tickets: readonly Ticket[], atOnce: number, stages: readonly Stage[]) => Promise<LoadAnswer>,
    gateway: GatewayProcess,
  ) => Promise<Result>,
): Promise<Result> {
  const gateway = await startGateway({ place: { ...place.environment, ...environment }, cardNetworkUrl: network.url })
  const quota = values['gateway-cpu'] === undefined ? undefined : limitCpu(gateway.pid, Number(values['gateway-cpu']))
  if (values['gateway-cpu'] !== undefined && quota === undefined) console.error('No control group can be made here.')
  try {
    return await work(async (tickets, atOnce, stages) => {
      const answer = await generator.run({ url: gateway.url, tickets, connections: atOnce, stages })
      approved.push(...answer.approved)
      return answer
    }, gateway)
  } finally {
    await gateway.stop()
    quota?.release()
  }
}

const ticketsPerLevel = 3_000
const levels = [16, 32, 64, 128, 256]

/** Approvals a second, and with how many connections. */
async function findCapacity(world: World): Promise<{ readonly perSecond: number; readonly atOnce: number }> {
  const tickets = await world.place.makeTickets((levels.length + 1) * ticketsPerLevel)
  return withGateway(world, doorOpen, async (load) => {
    let best = { perSecond: 0, atOnce: 0 }
    // The first one is not counted: it warms up.
    for (const [index, atOnce] of [64, ...levels].entries()) {
      const part = tickets.slice(index * ticketsPerLevel, (index + 1) * ticketsPerLevel)
      const figures = (await load(part, atOnce, [{ seconds: 3 }])).stages[0] as StageFigures
      const perSecond = figures.approvedMs.length / figures.seconds
      if (index === 0) continue
      if (perSecond < 1.05 * best.perSecond) break
      best = { perSecond, atOnce }
    }
    return best
  })
}

interface Overload {
  readonly idle: StageFigures
  readonly flood: StageFigures
  readonly after: StageFigures
  readonly floodCpu: Cpu
}

/** In cores, while the flood lasts. */
interface Cpu {
  readonly gateway: number
  readonly generator: number
  /** Of the whole machine, without this run. */
  readonly others: number
}

async function watchCpu(gatewayPid: number, generatorPid: number): Promise<Cpu> {
  const groups = [[gatewayPid], [generatorPid], [process.pid]]
  const look = () => ({ machine: machineCpuSeconds(), used: groups.map(cpuSecondsOf) })
  const before = look()
  await pause(seconds * 1000)
  const after = look()
  const [gateway = 0, generator = 0, network = 0] = groups.map(
    (_, index) => cpuSecondsBetween(before.used[index] ?? new Map(), after.used[index] ?? new Map()) / seconds,
  )
  const machine = (after.machine - before.machine) / seconds
  return { gateway, generator, others: machine - gateway - generator - network }
}

async function overload(world: World, perSecond: number, capacity: number): Promise<Overload> {
  const light: Stage = { seconds: 10, perSecond: lightPerSecond }
  const warm = await world.place.makeTickets(ticketsPerLevel)
  const few = await world.place.makeTickets(1_000)
  const many = await world.place.makeTickets(Math.ceil(capacity * seconds * 1.1) + 2 * connections + 1_000)
  return withGateway(world, { SSPAY_LATENCY_TARGET_MS: values.calm }, async (load, gateway) => {
    await load(warm, 256, [{ seconds: 4 }])
    const [, idle] = (await load(few, 64, [{ seconds: 2, perSecond: lightPerSecond }, light])).stages
    const flooded = load(many, connections, [{ seconds, perSecond }, light])
    const floodCpu = await watchCpu(gateway.pid, world.generator.pid)
    const [flood, after] = (await flooded).stages
    return { idle: idle as StageFigures, flood: flood as StageFigures, after: after as StageFigures, floodCpu }
  })
}

const recoveryWindowMs = 250

/** From the end of the flood until the end of the first window whose p99 is within `limitMs`; infinite when there is none. */
function recoveryMs({ approvedDueAt, approvedMs, seconds }: StageFigures, limitMs: number): number {
  for (let start = 0; start < seconds * 1000; start += recoveryWindowMs) {
    const inWindow = approvedMs.filter((_, index) => {
      const dueAt = approvedDueAt[index] ?? Number.NaN
      return dueAt >= start && dueAt < start + recoveryWindowMs
    })
    if (inWindow.length > 0 && quantile(inWindow, 0.99) <= limitMs) return start + recoveryWindowMs
  }
  return Number.POSITIVE_INFINITY
}

/** Approvals that the tables do not have, or that were charged twice or not at all, and charges that nobody heard of. */
async function countWrongBooks({ place, network, approved }: World): Promise<number> {
  const known = await place.approvedTransactions()
  const told = new Set(approved)
  const all = new Set([...told, ...known, ...network.charges.keys()])
  return [...all].filter((id) => !(told.has(id) && known.has(id) && network.charges.get(id) === 1)).length
}

function rowOf(name: string, { seconds, sent, approvedMs, refusedMs }: StageFigures): readonly string[] {
  const rate = (count: number): string => (count / seconds).toFixed(0)
  const counts = [sent, approvedMs.length, refusedMs.length].map(rate)
  return [
    name,
    ...counts,
    timeOf(approvedMs, 0.5),
    timeOf(approvedMs, 0.99),
    timeOf(refusedMs, 0.5),
    timeOf(refusedMs, 0.99),
  ]
}

const network = await startSlowCardNetwork(Number(values.latency))
const place = await openGatewayPlace(values.engine)
const generator = startGenerator()
const world: World = { place, network, generator, approved: [] }
try {
  const capacity = await findCapacity(world)
  const wanted = Math.round(capacity.perSecond * times)
  const { idle, flood, after, floodCpu } = await overload(world, wanted, capacity.perSecond)
  const [idleP99, floodP99] = [quantile(idle.approvedMs, 0.99), quantile(flood.approvedMs, 0.99)]
  const backMs = recoveryMs(after, 1.5 * idleP99)
  const others = [flood, after].flatMap((stage) => Object.entries(stage.others))
  const verdict = {
    ...{ capacity, wantedPerSecond: wanted, offeredPerSecond: flood.sent / seconds, unsent: flood.unsent },
    ...{
      p99Ratio: floodP99 / idleP99,
      recoveryMs: backMs,
      others,
      wrongBooks: await countWrongBooks(world),
      cpuCores: floodCpu,
    },
  }
  if (values.json) console.log(JSON.stringify({ ...verdict, idle, flood, after }))
  else {
    const head = ['', 'Offered/s', 'Approved/s', 'Refused/s', 'p50, ms', 'p99, ms', 'Refused p50', 'Refused p99']
    const rows = [rowOf('idle', idle), rowOf(`${times} × capacity`, flood), rowOf('idle again', after)]
    console.log(markdownTable(head, rows))
    console.log(`\nThe seconds of ${times} × capacity:\n\n${markdownTable(bySecondHead, bySecond(flood, wanted))}`)
    console.log(`
Capacity: ${capacity.perSecond.toFixed(0)} approvals a second, with ${capacity.atOnce} at once.
Offered: ${((100 * flood.sent) / (wanted * seconds)).toFixed(1)} % of what was due (${flood.unsent} requests found no free connection).
A turn of the load itself: ${timeOf(flood.turnMs, 0.5)} ms, p99 ${timeOf(flood.turnMs, 0.99)} ms.
CPU in cores: gateway ${floodCpu.gateway.toFixed(2)}, load ${floodCpu.generator.toFixed(2)}, everything else on this machine ${floodCpu.others.toFixed(2)}.
p99 of what was admitted: ${verdict.p99Ratio.toFixed(2)} × idle. Back to idle: after ${backMs} ms.
Answers that are neither: ${JSON.stringify(others)}. Approvals whose books do not match: ${verdict.wrongBooks} of ${world.approved.length}.`)
    if (flood.unsent > 0.01 * wanted * seconds)
      console.log('This machine could not offer all of it: --gateway-cpu leaves more of it to the load.')
  }
  const isGood = verdict.p99Ratio <= 3 && backMs <= 5_000 && others.length === 0 && verdict.wrongBooks === 0
  if (!isGood) process.exitCode = 1
} finally {
  generator.stop()
  network.close()
  await place.close()
}
