import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { parseArgs } from 'node:util'
import { startPostgres } from '../packages/merchant/test/postgres.ts'
import type { Ticket } from '../test/support/quick-payment.ts'
import type { Cpu, Question } from './approval-server.ts'
import { type Load, load, medianLoad } from './stats.ts'

/**
 * Approvals a second over HTTP, each kind of server in a process of its own and all in the same run: a bare `node:http` echo of the same bytes,
 * the gateway with its database in RAM, on SQLite and on PostgreSQL with durable commits. The load comes from this process, on the same cores.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    connections: { type: 'string', default: '1,16,64,256' },
    servers: { type: 'string', default: 'echo,in RAM,sqlite,postgres' },
    json: { type: 'boolean', default: false },
  },
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

function approve(url: URL, agent: Agent, { transactionId, approvalTicket }: Ticket): Promise<void> {
  const body = JSON.stringify({ Tid: transactionId, TrAuthKey: approvalTicket })
  const headers = { 'content-type': 'application/json', 'content-length': body.length }
  const path = '/payment/approval/urlCallApproval.do'
  return new Promise((resolve, reject) => {
    const options = { host: url.hostname, port: url.port, path, method: 'POST', agent, headers }
    const call = request(options, (answer) => {
      let text = ''
      answer.on('data', (part) => {
        text += part
      })
      answer.on('end', () => (text.includes('"3001"') ? resolve() : reject(new Error(text.slice(0, 200)))))
    })
    call.on('error', reject)
    call.end(body)
  })
}

async function measure(server: Server, atOnce: number, count: number): Promise<Figures> {
  const tickets = await ask<readonly Ticket[]>(server, { ask: 'tickets', count })
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  const url = new URL(server.url)
  await ask<Cpu>(server, { ask: 'cpu' })
  const figures = await load(count, atOnce, (index) => approve(url, agent, tickets[index] as Ticket))
  const { micros, residentBytes } = await ask<Cpu>(server, { ask: 'cpu' })
  agent.destroy()
  return { ...figures, serverMicros: micros / count, residentBytes }
}

const middle = (runs: readonly Figures[], of: (figures: Figures) => number): number =>
  runs.map(of).toSorted((first, second) => first - second)[Math.floor((runs.length - 1) / 2)] ?? Number.NaN

const names = values.servers.split(',')
const database = names.includes('postgres') ? await startPostgres({ isDurable: true }) : undefined
const servers: Server[] = []
for (const name of names)
  servers.push(await start(name, name === 'postgres' ? await database?.createDatabase() : undefined))
const results: object[] = []
try {
  for (const atOnce of values.connections.split(',').map(Number)) {
    const runs = new Map(servers.map((server): [Server, Figures[]] => [server, []]))
    const counts = new Map(servers.map((server): [Server, number] => [server, 500]))
    for (let run = 0; run <= Number(values.runs); run++) {
      for (const server of servers) {
        const figures = await measure(server, atOnce, counts.get(server) ?? 0)
        counts.set(server, Math.ceil(Math.min(figures.perSecond, 20_000) * Number(values.seconds)))
        // The first is short and warms up.
        if (run > 0) runs.get(server)?.push(figures)
      }
    }
    for (const [{ name }, figures] of runs) {
      const serverMicros = middle(figures, (one) => one.serverMicros)
      const residentMegabytes = middle(figures, (one) => one.residentBytes) / 1e6
      const { perSecond, p50Ms, p99Ms } = medianLoad(figures)
      results.push({ server: name, atOnce, perSecond, p50Ms, p99Ms, serverMicros, residentMegabytes })
      console.error(
        `| ${name} | ${atOnce} | ${perSecond.toFixed(0)} | ${p50Ms.toFixed(2)} | ${p99Ms.toFixed(2)} | ${serverMicros.toFixed(0)} | ${residentMegabytes.toFixed(0)} |`,
      )
    }
  }
  if (values.json) console.log(JSON.stringify(results))
} finally {
  for (const { child } of servers) child.send({ ask: 'end' } satisfies Question)
  await Promise.all(servers.map(({ child }) => once(child, 'exit')))
  await database?.stop()
}
