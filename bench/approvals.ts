import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent } from 'node:http'
import { startPostgres } from '../packages/merchant/test/postgres.ts'
import { approvedCode } from '../test/durability/payments.ts'
import type { Ticket } from '../test/support/quick-payment.ts'
import type { Cpu, Question } from './approval-server.ts'
import { type Bound, checkBounds } from './bounds.ts'
import { markdownTable, readOptions } from './command.ts'
import { askApproval } from './http-client.ts'
import { type Load, load, median, medianLoad } from './stats.ts'

const warmUpCount = 10_000

const help = `Approvals a second over HTTP, each kind of server in a process of its own and all in the same run.

  node bench/approvals.ts [--servers echo,"in RAM",sqlite,postgres] [--connections 1,16,64,256] [--runs 5] [--seconds 2] [--json]

echo     a bare node:http server that reads the same bytes and answers the same bytes: the floor of HTTP
in RAM   the gateway with its database on /dev/shm: everything but the disk. There is no row without storage, because an approval
         reads the payment and moves it twice; a route that does not would measure something else
sqlite   the gateway on SQLite, durable
postgres the gateway on a PostgreSQL of its own, durable

Before anything is measured each server takes ${warmUpCount} approvals, since a server's first seconds are its compiler's.

The card network answers inside the server's process. The load comes from this process, on the same cores: "load" is the share of one core that
it takes itself. Close to 100 % it is the load that was measured, and the CPU of the server is the figure to look at. Ends with 1 when a bound
below the table is not kept.
`

const values = readOptions(help, {
  runs: { type: 'string', default: '5' },
  seconds: { type: 'string', default: '2' },
  connections: { type: 'string', default: '1,16,64,256' },
  servers: { type: 'string', default: 'echo,in RAM,sqlite,postgres' },
})

interface Server {
  readonly name: string
  readonly child: ChildProcess
  readonly url: string
}

interface Figures extends Load {
  /** Of the server's process, for one approval. */
  readonly serverMicros: number
  readonly residentBytes: number
}

const ask = async <Answer>({ child }: Server, question: Question): Promise<Answer> => {
  child.send(question)
  const [answer] = await once(child, 'message')
  return answer as Answer
}

async function start(name: string, databaseUrl?: string): Promise<Server> {
  const args = [name, ...(databaseUrl === undefined ? [] : [databaseUrl])]
  const child = fork(new URL('./approval-server.ts', import.meta.url), args, {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const [url] = await once(child, 'message')
  return { name, child, url }
}

async function approve(agent: Agent, url: string, ticket: Ticket): Promise<void> {
  const answer = await askApproval(agent, url, ticket)
  if (!answer.includes(`"${approvedCode}"`)) throw new Error(answer.slice(0, 200))
}

async function measure(server: Server, atOnce: number, count: number): Promise<Figures> {
  const tickets = await ask<readonly Ticket[]>(server, { ask: 'tickets', count })
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  await ask<Cpu>(server, { ask: 'cpu' })
  const figures = await load(count, atOnce, (index) => approve(agent, server.url, tickets[index] as Ticket))
  const { micros, residentBytes } = await ask<Cpu>(server, { ask: 'cpu' })
  agent.destroy()
  return { ...figures, serverMicros: micros / count, residentBytes }
}

interface Result extends Load {
  readonly server: string
  readonly atOnce: number
  readonly serverMicros: number
  readonly residentMegabytes: number
}

/** The servers take turns, so that what else runs on the machine meets them all. */
async function measureAll(servers: readonly Server[], atOnce: number): Promise<readonly Result[]> {
  const runs = new Map(servers.map((server): [Server, Figures[]] => [server, []]))
  const counts = new Map<Server, number>()
  for (let run = 0; run <= Number(values.runs); run++) {
    for (const server of servers) {
      const figures = await measure(server, atOnce, counts.get(server) ?? 500)
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

/** Of what was measured with 64 and 256 at once. */
function boundsOf(results: readonly Result[]): readonly Bound[] {
  const at = (server: string, atOnce: number, figure: (one: Result) => number): number => {
    const found = results.find((one) => one.server === server && one.atOnce === atOnce)
    return found === undefined ? Number.NaN : figure(found)
  }
  const rate = (server: string, atOnce: number): number => at(server, atOnce, ({ perSecond }) => perSecond)
  const micros = (server: string): number => at(server, 64, ({ serverMicros }) => serverMicros)
  const spread = (server: string): number => at(server, 64, ({ p50Ms, p99Ms }) => p99Ms / p50Ms)
  return [
    { name: 'SQLite ÷ in RAM, 64 at once', measured: rate('sqlite', 64) / rate('in RAM', 64), least: 0.7 },
    { name: 'SQLite ÷ in RAM, 256 at once', measured: rate('sqlite', 256) / rate('in RAM', 256), least: 0.85 },
    { name: 'CPU of SQLite ÷ echo, 64 at once', measured: micros('sqlite') / micros('echo'), most: 8 },
    { name: 'CPU of PostgreSQL ÷ echo, 64 at once', measured: micros('postgres') / micros('echo'), most: 10 },
    { name: 'p99 ÷ p50 of SQLite, 64 at once', measured: spread('sqlite'), most: 4 },
    { name: 'p99 ÷ p50 of PostgreSQL, 64 at once', measured: spread('postgres'), most: 4 },
  ]
}

const names = values.servers.split(',')
const database = names.includes('postgres') ? await startPostgres({ isDurable: true }) : undefined
const servers: Server[] = []
for (const name of names)
  servers.push(await start(name, name === 'postgres' ? await database?.createDatabase() : undefined))
try {
  for (const server of servers) await measure(server, 64, warmUpCount)
  const results: Result[] = []
  for (const atOnce of values.connections.split(',').map(Number)) results.push(...(await measureAll(servers, atOnce)))
  const head = ['Server', 'At once', 'Approvals/s', 'p50, ms', 'p99, ms', 'Server CPU, µs', 'Memory, MB', 'Load']
  const bounds = checkBounds(boundsOf(results))
  console.log(values.json ? JSON.stringify(results) : `${markdownTable(head, results.map(cellsOf))}${bounds}`)
} finally {
  for (const { child } of servers) child.send({ ask: 'end' } satisfies Question)
  await Promise.all(servers.map(({ child }) => once(child, 'exit')))
  await database?.stop()
}
