import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { realRuntime } from '@sspay/gateway'
import { openTlsFiles } from '../packages/sandbox/src/local-ca.ts'
import { type Bound, checkBounds } from './bounds.ts'
import { markdownTable, readOptions } from './command.ts'
import { timeOf } from './load/by-second.ts'
import { startGenerator } from './load/generate.ts'
import { usualLatencyTarget } from './load/latency-target.ts'
import { startSlowCardNetwork } from './load/slow-card-network.ts'
import { type AttackName, attackNames } from './slow-clients/attacks.ts'
import {
  type ApprovalFigures,
  approvalAddresses,
  type Case,
  type CaseFigures,
  measureCase,
} from './slow-clients/measure.ts'
import { quantile } from './stats.ts'

const mostMegabytes = 200

const help = `Approvals while other clients hold connections and never finish a request.

  node bench/slow-clients.ts [--attacks "${attackNames.join(';')}"]
                             [--listeners plain,tls] [--addresses 1,200] [--connections 2000] [--per-second 50] [--seconds 8]
                             [--latency 50] [--latency-target ${usualLatencyTarget}] [--json]

Each case has a gateway of its own, a process as an operator starts it with HTTP and HTTPS; the card network answers after --latency milliseconds.
The attackers are a process with --connections, from 127.0.0.1 or from as many addresses from there on. Each connection that the gateway closes is
opened again, at most once a second. "Body without end" sends 4 KB a second on each; "nothing" does not even begin a TLS handshake. Meanwhile, and
before for the idle figures, --per-second approvals are due from ${approvalAddresses.join(' and as many from ')}, for --seconds, each on a new
connection as a shop opens it that approves now and then. "Failed" is whatever is neither an approval nor shed.

Ends with 1 when the p99 is above 2 × the idle one, when an approval is shed or fails, or when the resident memory of the gateway grows by more than
${mostMegabytes} MB. It needs Linux, where all of 127.0.0.0/8 is this machine.
`

const values = readOptions(help, {
  attacks: { type: 'string', default: attackNames.join(';') },
  listeners: { type: 'string', default: 'plain,tls' },
  addresses: { type: 'string', default: '1,200' },
  connections: { type: 'string', default: '2000' },
  'per-second': { type: 'string', default: '50' },
  seconds: { type: 'string', default: '8' },
  latency: { type: 'string', default: '50' },
  'latency-target': { type: 'string', default: usualLatencyTarget },
})

const cases: readonly Case[] = values.listeners.split(',').flatMap((listener) =>
  values.addresses.split(',').flatMap((addresses) =>
    values.attacks.split(';').map((attack) => ({
      ...{ attack: attack as AttackName, listener: listener as Case['listener'], addresses: Number(addresses) },
    })),
  ),
)
const unknown = cases.find(({ attack }) => !attackNames.includes(attack))
if (unknown !== undefined) throw new Error(`--attacks are ${attackNames.join(';')}, not ${unknown.attack}`)

const megabytes = (bytes: number): number => bytes / 1e6

/** Infinite when nothing was approved. */
const p99Ratio = ({ idle, attacked }: ApprovalFigures): number =>
  attacked.approvedMs.length === 0
    ? Number.POSITIVE_INFINITY
    : quantile(attacked.approvedMs, 0.99) / quantile(idle.approvedMs, 0.99)

const failedOf = ({ due, approvedMs, shedMs }: ApprovalFigures['attacked']): number =>
  due - approvedMs.length - shedMs.length

const cellsOf = (one: CaseFigures): readonly (readonly string[])[] =>
  one.approvals.map((approvals) => {
    const { address, idle, attacked } = approvals
    const { before, peak, after } = one.memory
    return [
      ...[one.attack, one.listener, String(one.addresses), address],
      ...[timeOf(idle.approvedMs, 0.5), timeOf(idle.approvedMs, 0.99)],
      ...[(attacked.approvedMs.length / attacked.seconds).toFixed(1)],
      ...[timeOf(attacked.approvedMs, 0.5), timeOf(attacked.approvedMs, 0.99), p99Ratio(approvals).toFixed(2)],
      ...[String(attacked.shedMs.length), String(failedOf(attacked))],
      ...[String(one.held), one.openedPerSecond.toFixed(0)],
      ...[before, peak, after].map((bytes) => megabytes(bytes).toFixed(0)),
    ]
  })

const head = [
  ...['Attack', 'Listener', 'Addresses', 'Approvals from', 'Idle p50, ms', 'Idle p99, ms'],
  ...['Approved/s', 'p50, ms', 'p99, ms', '× idle', 'Shed', 'Failed'],
  ...['Connections held', 'Opened/s', 'Memory before, MB', 'Peak', 'After'],
]

/** The worst of all cases. */
function boundsOf(figures: readonly CaseFigures[]): readonly Bound[] {
  const ofAddresses = approvalAddresses.flatMap((address) => {
    const approvals = figures.flatMap((one) => one.approvals.filter((from) => from.address === address))
    const lost = approvals.map(({ attacked }) => attacked.due - attacked.approvedMs.length)
    return [
      { name: `p99 ÷ idle p99, from ${address}`, measured: Math.max(...approvals.map(p99Ratio)), most: 2 },
      { name: `Shed or failed, from ${address}`, measured: lost.reduce((sum, count) => sum + count, 0), most: 0 },
    ]
  })
  const growth = Math.max(...figures.map(({ memory }) => megabytes(memory.peak - memory.before)))
  return [...ofAddresses, { name: 'Growth of the resident memory, MB', measured: growth, most: mostMegabytes }]
}

/** Errors of failed approvals. */
const describeFailures = (figures: readonly CaseFigures[]): string =>
  figures
    .flatMap(({ attack, listener, addresses, approvals }) =>
      approvals
        .filter(({ attacked }) => failedOf(attacked) > 0)
        .map(({ address, attacked: { unsent, others } }) => {
          const answers = JSON.stringify({ ...others, ...(unsent > 0 ? { unsent } : {}) })
          return `\n${attack}, ${listener}, ${addresses}, from ${address}: ${answers}`
        }),
    )
    .join('')

const folder = await mkdtemp(join(tmpdir(), 'sspay-bench-tls-'))
const network = await startSlowCardNetwork(Number(values.latency))
const generators = approvalAddresses.map(() => startGenerator())
try {
  const { ca } = await openTlsFiles(realRuntime, folder)
  const figures: CaseFigures[] = []
  for (const one of cases) {
    const measured = await measureCase(
      {
        ...{ cardNetworkUrl: network.url, generators, targetLatencyMs: values['latency-target'] },
        tlsFiles: { keyFile: join(folder, 'server-key.pem'), certFile: join(folder, 'server.pem'), ca },
        ...{ seconds: Number(values.seconds), perSecond: Number(values['per-second']) },
        connections: Number(values.connections),
      },
      one,
    )
    figures.push(measured)
  }
  const bounds = checkBounds(boundsOf(figures))
  if (values.json) console.log(JSON.stringify(figures))
  else console.log(`${markdownTable(head, figures.flatMap(cellsOf))}${bounds}\n${describeFailures(figures)}`)
} finally {
  await Promise.all(generators.map((generator) => generator.stop()))
  await network.close()
  await rm(folder, { recursive: true, force: true })
}
