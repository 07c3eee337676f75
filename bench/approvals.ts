import { Agent } from 'node:http'
import { resolve } from 'node:path'
import { startPostgres } from '../packages/merchant/test/postgres.ts'
import { approvedCode } from '../test/durability/payments.ts'
import type { Cpu, Question, ServerOptions } from './approval-server.ts'
import { boundsOf, type Result } from './approvals/bounds.ts'
import { checkBounds } from './bounds.ts'
import { type Child, startChild } from './child.ts'
import { markdownTable, readOptions } from './command.ts'
import { askCall, type Call } from './http-client.ts'
import { startSlowCardNetwork } from './load/slow-card-network.ts'
import { type Load, load, median, medianLoad } from './stats.ts'

const help = `Approvals a second over HTTP, each kind of server in a process of its own and all in the same run.

  node bench/approvals.ts [--servers "echo,in RAM,sqlite,charges,postgres,sqlite + network,postgres + network"]
                          [--connections 1,16,64,256] [--runs 5] [--seconds 2] [--latency 50] [--warm-up 10000]
                          [--checkout FOLDER] [--json]

echo       a bare node:http server that reads the same bytes and answers the same bytes: the floor of HTTP
in RAM     the gateway with its database on /dev/shm: everything but the disk. There is no row without storage, because an approval
           reads the payment and moves it twice; a route that does not would measure something else
sqlite     the gateway on SQLite, durable
charges    the same with charges of bill keys, which 64 customers have
postgres   the gateway on a PostgreSQL of its own, durable
+ network  the same gateway, which asks its card network over HTTP. It is a process of its own that answers after --latency
           milliseconds. An operator has the rate at 256 at once

Without "+ network" the card network answers inside the server's process. --checkout adds the rows on SQLite of the gateway in another
checkout with its own node_modules, such as an older one. Before anything is measured each server takes --warm-up approvals, since a
server's first seconds are its compiler's.

The load comes from this process, on the same cores: "load" is the share of one core that it takes itself. Close to 100 % it is the load that
was measured, and the CPU of the server is the figure to look at. Ends with 1 when a bound below the table is not kept.
`

const values = readOptions(help, {
  runs: { type: 'string', default: '5' },
  seconds: { type: 'string', default: '2' },
  connections: { type: 'string', default: '1,16,64,256' },
  servers: { type: 'string', default: 'echo,in RAM,sqlite,charges,postgres,sqlite + network,postgres + network' },
  latency: { type: 'string', default: '50' },
  'warm-up': { type: 'string', default: '10000' },
  checkout: { type: 'string' },
})

interface Server {
  readonly name: string
  readonly child: Child
  readonly url: string
}

interface Figures extends Load {
  /** CPU time of the server process per approval. */
  readonly serverMicros: number
  readonly residentBytes: number
}

const ask = <Answer>({ child }: Server, question: Question): Promise<Answer> => child.ask(question)

async function start(name: string, options: ServerOptions): Promise<Server> {
  const child = startChild(new URL('./approval-server.ts', import.meta.url), [JSON.stringify(options)])
  return { name, child, url: await child.receive() }
}

async function pay(agent: Agent, url: string, call: Call): Promise<void> {
  const answer = await askCall(agent, url, call)
  if (!answer.includes(`"${approvedCode}"`)) throw new Error(answer.slice(0, 200))
}

async function measure(server: Server, atOnce: number, count: number): Promise<Figures> {
  const calls = await ask<readonly Call[]>(server, { ask: 'calls', count })
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  await ask<Cpu>(server, { ask: 'cpu' })
  const figures = await load(count, atOnce, (index) => pay(agent, server.url, calls[index] as Call))
  const { micros, residentBytes } = await ask<Cpu>(server, { ask: 'cpu' })
  agent.destroy()
  return { ...figures, serverMicros: micros / count, residentBytes }
}

/** The servers take turns, so that what else runs on the machine meets them all. */
async function measureAll(servers: readonly Server[], atOnce: number): Promise<readonly Result[]> {
  const runs = new Map(servers.map((server): [Server, Figures[]] => [server, []]))
  const counts = new Map<Server, number>()
  for (let run = 0; run <= Number(values.runs); run++) {
    for (const server of servers) {
      const figures = await measure(server, atOnce, counts.get(server) ?? Math.min(500, 40 * atOnce))
      counts.set(server, Math.ceil(Math.min(figures.perSecond, 20_000) * Number(values.seconds)))
      // The first is short and warms up.
      if (run > 0) runs.get(server)?.push(figures)
    }
  }
  return [...runs].map(([{ name }, figures]) => ({
    ...{ server: name, atOnce, ...medianLoad(figures) },
    serverMicros: median(figures.map(({ serverMicros }) => serverMicros)),
    residentMegabytes: median(figures.map(({ residentBytes }) => residentBytes)) / 1e6,
  }))
}

const percentOf = (micros: number, perSecond: number): string => `${((micros * perSecond) / 1e4).toFixed(0)} %`

const cellsOf = (one: Result): readonly (string | number)[] => [
  ...[one.server, one.atOnce, one.perSecond.toFixed(0), one.p50Ms.toFixed(2), one.p99Ms.toFixed(2)],
  ...[one.serverMicros.toFixed(0), one.residentMegabytes.toFixed(0), percentOf(one.cpuMicros, one.perSecond)],
]

const networkKind = 'sqlite + network'

/** The same server of another checkout. */
const otherName = (kind: string): string => `${kind}, ${values.checkout}`

/** Cost to the server of calling the card network over HTTP. */
function describeNetworkCpu(results: readonly Result[]): string {
  const microsOf = (kind: string, atOnce: number): string | undefined =>
    results.find((one) => one.server === kind && one.atOnce === atOnce)?.serverMicros.toFixed(0)
  const rows = [...new Set(results.map(({ atOnce }) => atOnce))].flatMap((atOnce) => {
    const [inside, over] = [microsOf('sqlite', atOnce), microsOf(networkKind, atOnce)]
    return inside === undefined || over === undefined ? [] : [[atOnce, inside, over]]
  })
  const head = ['CPU of an approval, SQLite, at once', 'Card network inside, µs', 'Over HTTP, µs']
  return rows.length === 0 ? '' : `\n\n${markdownTable(head, rows)}`
}

const names = values.servers.split(',')
const database = names.some((name) => name.startsWith('postgres'))
  ? await startPostgres({ isDurable: true })
  : undefined
const network = await startSlowCardNetwork(Number(values.latency))
const checkout = values.checkout === undefined ? undefined : resolve(values.checkout)
const servers: Server[] = []
try {
  for (const kind of names) {
    const databaseUrl = kind.startsWith('postgres') ? await database?.createDatabase() : undefined
    const cardNetworkUrl = kind.endsWith('+ network') ? network.url : undefined
    servers.push(await start(kind, { kind, databaseUrl, cardNetworkUrl }))
    if (checkout !== undefined && kind.startsWith('sqlite'))
      servers.push(await start(otherName(kind), { kind, cardNetworkUrl, checkout }))
  }
  for (const server of servers) await measure(server, 64, Number(values['warm-up']))
  const results: Result[] = []
  for (const atOnce of values.connections.split(',').map(Number)) results.push(...(await measureAll(servers, atOnce)))
  const head = ['Server', 'At once', 'Approvals/s', 'p50, ms', 'p99, ms', 'Server CPU, µs', 'Memory, MB', 'Load']
  const bounds = checkBounds(boundsOf(results, otherName))
  const table = `${markdownTable(head, results.map(cellsOf))}${describeNetworkCpu(results)}${bounds}`
  console.log(values.json ? JSON.stringify(results) : table)
} finally {
  await Promise.all(servers.map(({ child }) => child.stop()))
  await network.close()
  await database?.stop()
}
