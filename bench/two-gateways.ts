import { cpus } from 'node:os'
import { type GatewayProcess, startGateway } from '../test/cluster/gateways.ts'
import type { Ticket } from '../test/support/quick-payment.ts'
import { markdownTable, readOptions } from './command.ts'
import { limitCpu } from './load/cpu-quota.ts'
import { cpuSecondsBetween, cpuSecondsOf, machineCpuSeconds } from './load/cpu-time.ts'
import { type Generator, startGenerator } from './load/generate.ts'
import { openGatewayPlace } from './load/place.ts'
import { startSlowCardNetwork } from './load/slow-card-network.ts'
import { quantile } from './stats.ts'

/** Least throughput of two gateways relative to one, while the database is not saturated. */
const leastRatio = 1.6

const help = `Approvals a second of one gateway and of two on the same durable PostgreSQL.

  node bench/two-gateways.ts [--runs 5] [--seconds 4] [--connections 64] [--latency 10] [--share 0.2] [--json]

Each gateway is a process as an operator starts it, with its own --connections, each of which asks again as soon as it is answered; the card network answers
after --latency milliseconds. Runs with one gateway and with two take turns, medians are shown. Everything is on this machine, so that two gateways
could be no faster than one merely because there are no more cores. Therefore it is done twice: each gateway with what it can get, and each
with --share of a core by a control group, which leaves the database room. The CPU that each part used says what the limit was.
Where no control group can be made (it needs Linux and root), the second half is left out.
Ends with 1 when two gateways with a share take less than ${leastRatio} times what one takes.
`

const values = readOptions(help, {
  runs: { type: 'string', default: '5' },
  seconds: { type: 'string', default: '4' },
  connections: { type: 'string', default: '64' },
  latency: { type: 'string', default: '10' },
  share: { type: 'string', default: '0.2' },
})

const [runs, seconds, connections, share] = [values.runs, values.seconds, values.connections, values.share].map(
  Number,
) as [number, number, number, number]
const cores = cpus().length

/** CPU in cores: 1 is one core all the time. */
interface Figures {
  readonly perSecond: number
  readonly p99Ms: number
  /** Cores used by each gateway, on average. */
  readonly gatewayCores: number
  readonly databaseCores: number
  /** Cores used by the load generators and by the simulated card network. */
  readonly besideCores: number
  readonly machineCores: number
}

interface Lane {
  readonly gateway: GatewayProcess
  readonly generator: Generator
}

const place = await openGatewayPlace('postgres')
const network = await startSlowCardNetwork(Number(values.latency))

async function measure(lanes: readonly Lane[], ticketsEach: number): Promise<Figures> {
  const tickets = await place.makeTickets(ticketsEach * lanes.length)
  const look = () => ({
    gateways: cpuSecondsOf(lanes.map(({ gateway }) => gateway.pid)),
    database: cpuSecondsOf(place.databaseProcesses()),
    beside: cpuSecondsOf([process.pid, network.pid, ...lanes.map(({ generator }) => generator.pid)]),
  })
  const machineBefore = machineCpuSeconds()
  const before = look()
  const startedAt = performance.now()
  const answers = await Promise.all(
    lanes.map(({ gateway, generator }, index) => {
      const own: readonly Ticket[] = tickets.slice(index * ticketsEach, (index + 1) * ticketsEach)
      return generator.run({ url: gateway.url, tickets: own, connections, stages: [{ seconds }] })
    }),
  )
  const elapsed = (performance.now() - startedAt) / 1000
  const after = look()
  const stages = answers.flatMap(({ stages }) => stages)
  const others = stages.filter(({ others, shedMs }) => shedMs.length > 0 || Object.keys(others).length > 0)
  if (others.length > 0) throw new Error(`not everything was approved: ${JSON.stringify(others[0]?.others)}`)
  const machineCores = (machineCpuSeconds() - machineBefore) / elapsed
  const coresOf = (part: keyof typeof before): number => cpuSecondsBetween(before[part], after[part]) / elapsed
  return {
    perSecond: stages.reduce((sum, { approvedMs, seconds }) => sum + approvedMs.length / seconds, 0),
    p99Ms: quantile(
      stages.flatMap(({ approvedMs }) => approvedMs),
      0.99,
    ),
    gatewayCores: coresOf('gateways') / lanes.length,
    ...{ databaseCores: coresOf('database'), besideCores: coresOf('beside'), machineCores },
  }
}

const middle = (figures: readonly Figures[], of: keyof Figures): number =>
  quantile(
    figures.map((one) => one[of]),
    0.5,
  )

interface Compared {
  readonly share: number | undefined
  readonly one: Figures
  readonly two: Figures
  readonly ratio: number
  readonly limit: string
}

const medians = (figures: readonly Figures[]): Figures => ({
  perSecond: middle(figures, 'perSecond'),
  p99Ms: middle(figures, 'p99Ms'),
  gatewayCores: middle(figures, 'gatewayCores'),
  databaseCores: middle(figures, 'databaseCores'),
  besideCores: middle(figures, 'besideCores'),
  machineCores: middle(figures, 'machineCores'),
})

/** The saturated resource while two gateways ran. */
function limitOf({ gatewayCores, machineCores }: Figures, quota = 1): string {
  if (Number.isNaN(gatewayCores)) return 'unknown'
  // Below the whole quota: a process that has used it up waits for the next period, so some of it is always lost.
  if (gatewayCores > 0.85 * quota) return 'the processor time of the gateways'
  if (machineCores > 0.95 * cores) return 'the processors of the machine'
  return 'no processor: the database waits for its disk or its locks'
}

/** Cores that no part of the run has used. */
const otherCores = ({ gatewayCores, databaseCores, besideCores, machineCores }: Figures): number =>
  machineCores - 2 * gatewayCores - databaseCores - besideCores

/** Undefined where no control group can be made. */
async function compare(quota: number | undefined): Promise<Compared | undefined> {
  const lanes: Lane[] = []
  const groups: { release(): void }[] = []
  try {
    for (let index = 0; index < 2; index++) {
      const gateway = await startGateway({ place: place.environment, cardNetworkUrl: network.url })
      lanes.push({ gateway, generator: startGenerator() })
    }
    // Warm first, and without the quota: compiling is no approval.
    const { perSecond } = await measure(lanes, 1_500)
    for (const { gateway } of quota === undefined ? [] : lanes) {
      const group = limitCpu(gateway.pid, quota ?? 1)
      if (group === undefined) return undefined
      groups.push(group)
    }
    const ticketsEach = Math.ceil(perSecond * seconds) + 2 * connections
    const [ones, twos]: [Figures[], Figures[]] = [[], []]
    for (let run = 0; run < runs; run++) {
      ones.push(await measure([lanes[run % 2] as Lane], ticketsEach))
      twos.push(await measure(lanes, ticketsEach))
    }
    const [one, two] = [medians(ones), medians(twos)]
    return { share: quota, one, two, ratio: two.perSecond / one.perSecond, limit: limitOf(two, quota) }
  } finally {
    for (const { gateway, generator } of lanes) {
      await generator.stop()
      await gateway.stop()
    }
    for (const group of groups) group.release()
  }
}

function rowsOf({ share, one, two, ratio }: Compared): readonly (readonly string[])[] {
  const each = share === undefined ? 'what it gets' : `${share} cores`
  return [one, two].map((figures, index) => {
    const used = [figures.gatewayCores, figures.databaseCores, figures.besideCores, figures.machineCores]
    return [
      ...[index === 0 ? 'one gateway' : 'two gateways', each, figures.perSecond.toFixed(0), figures.p99Ms.toFixed(0)],
      ...used.map((value) => (Number.isNaN(value) ? '–' : value.toFixed(2))),
      index === 0 ? '1.00' : ratio.toFixed(2),
    ]
  })
}

try {
  const compared = [await compare(undefined), await compare(share)].filter((one) => one !== undefined)
  const shared = compared.find(({ share }) => share !== undefined)
  if (shared !== undefined && shared.ratio < leastRatio) process.exitCode = 1
  if (values.json) console.log(JSON.stringify({ cores, compared }))
  else {
    const used = ['CPU of each gateway', 'of PostgreSQL', 'of load and card network', `of the machine (${cores} cores)`]
    const head = ['', 'Each may use', 'Approvals/s', 'p99, ms', ...used, '×']
    console.log(markdownTable(head, compared.flatMap(rowsOf)))
    for (const { share, limit, two } of compared) {
      const each = share === undefined ? 'what they get' : `${share} cores each`
      console.log(`\nThe limit of two gateways with ${each}: ${limit}.`)
      if (otherCores(two) > 0.1 * cores)
        console.log(`The machine was not idle: others used ${otherCores(two).toFixed(2)} cores meanwhile.`)
    }
    if (compared.length < 2)
      console.log('\nNo control group can be made here, so nothing is known of gateways that leave the database room.')
  }
} finally {
  await network.close()
  await place.close()
}
