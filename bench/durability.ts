import { mkdtemp, rm } from 'node:fs/promises'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startGateway } from '../test/cluster/gateways.ts'
import { type EngineName, engineNames, openEngine } from '../test/durability/engines.ts'
import { approvedCode, codeOf, makeTickets, withTables } from '../test/durability/payments.ts'
import type { Ticket } from '../test/support/quick-payment.ts'
import { startSimulatedNetwork } from '../test/support/simulated-network.ts'
import { markdownTable, readOptions } from './command.ts'
import { type Step, traceFlushes, whyNoTrace } from './flush-trace.ts'
import { askApproval } from './http-client.ts'
import { load } from './stats.ts'

const help = `How often the disk is flushed for an approval, counted by strace.

  node bench/durability.ts [--engines sqlite,postgres] [--connections 1,64] [--approvals 1000] [--json]

The gateway runs as an operator starts it; traced is the process that writes: the gateway on SQLite, every process of the server on
PostgreSQL. An approval needs two flushes of the log that is written ahead: the intent before the card network is asked, the outcome
before the shop receives the answer. "In order" counts the approvals of which the trace shows just that: flush, question, flush, answer. It is
known for one connection on SQLite, where one process does all of it; in brackets those with one flush each and no other in
between. Flushes of other files are checkpoints, which flush the log too. Exits with 1 when an approval had fewer than its two at
one connection, or when at 64 at once an approval costs more than a fifth of that; with 2 where strace cannot trace.
`

const values = readOptions(help, {
  engines: { type: 'string', default: 'sqlite,postgres' },
  connections: { type: 'string', default: '1,64' },
  approvals: { type: 'string', default: '1000' },
})

interface Count {
  readonly engine: string
  readonly atOnce: number
  readonly approvals: number
  readonly logFlushes: number
  readonly otherFlushes: number
  readonly inOrder: number
  readonly exactly: number
}

async function measure(name: EngineName, atOnce: number): Promise<Count> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-flushes-'))
  const engine = await openEngine({ name, folder })
  const network = await startSimulatedNetwork()
  const approvals = Number(values.approvals)
  try {
    const tickets = await withTables(engine.place, (context) => makeTickets(context, approvals + atOnce))
    const gateway = await startGateway({ place: engine.environment, cardNetworkUrl: network.url })
    try {
      await approveAll(gateway.url, tickets.slice(approvals), atOnce)
      const trace = await traceFlushes(engine.writers(gateway), join(folder, 'trace'))
      await approveAll(gateway.url, tickets.slice(0, approvals), atOnce)
      return { engine: name, atOnce, approvals, ...countSteps(await trace.end()) }
    } finally {
      await gateway.stop()
    }
  } finally {
    await network.close()
    await engine.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function approveAll(url: string, tickets: readonly Ticket[], atOnce: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  await load(tickets.length, atOnce, async (index) => {
    const code = codeOf(await askApproval(agent, url, tickets[index] as Ticket))
    if (code !== approvedCode) throw new Error(`an approval was answered with ${code}`)
  })
  agent.destroy()
}

const isLog = (file: string): boolean => file.endsWith('-wal') || file.includes('/pg_wal/')

function countSteps(steps: readonly Step[]): Pick<Count, 'logFlushes' | 'otherFlushes' | 'inOrder' | 'exactly'> {
  const files = steps.flatMap((step) => (step.kind === 'flush' ? [step.file] : []))
  const logFlushes = files.filter(isLog).length
  const letters = steps.map((step) => {
    if (step.kind === 'flush') return isLog(step.file) ? 'f' : ''
    if (step.text.startsWith('POST /authorize')) return 'q'
    return step.text.startsWith('HTTP/1.1 200') ? 'a' : ''
  })
  const count = (pattern: RegExp): number => letters.join('').match(pattern)?.length ?? 0
  return {
    logFlushes,
    otherFlushes: files.length - logFlushes,
    inOrder: count(/f+qf+a/g),
    exactly: count(/(?<!f)fqfa/g),
  }
}

const reason = whyNoTrace()
if (reason !== undefined) {
  console.error(`Nothing counted: ${reason}. apt-get install -y --no-install-recommends strace`)
  process.exit(2)
}
const counts: Count[] = []
for (const engine of engineNames.filter((name) => values.engines.split(',').includes(name)))
  for (const atOnce of values.connections.split(',').map(Number)) counts.push(await measure(engine, atOnce))

const isOrderKnown = ({ engine, atOnce }: Count): boolean => engine === 'sqlite' && atOnce === 1
if (values.json) console.log(JSON.stringify(counts))
else
  console.log(
    markdownTable(
      ['Engine', 'At once', 'Approvals', 'Flushes of the log', 'For one approval', 'Of other files', 'In order'],
      counts.map((count) => [
        ...[count.engine, count.atOnce, count.approvals, count.logFlushes],
        (count.logFlushes / count.approvals).toFixed(2),
        count.otherFlushes,
        isOrderKnown(count) ? `${count.inOrder} (${count.exactly})` : '–',
      ]),
    ),
  )
const isWrong = (count: Count): boolean =>
  (count.atOnce >= 64 && count.logFlushes > (2 * count.approvals) / 5) ||
  (count.atOnce === 1 && count.logFlushes < 2 * count.approvals) ||
  (isOrderKnown(count) && count.inOrder !== count.approvals)
if (counts.some(isWrong)) process.exitCode = 1
