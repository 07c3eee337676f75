import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '../packages/merchant/test/postgres.ts'
import type { Ticket } from '../test/support/quick-payment.ts'
import { markdownTable, readOptions } from './command.ts'
import { type OpenDialect, openPostgresDialect, openSqliteDialect } from './growth/dialects.ts'
import { fill, type Template } from './growth/fill.ts'
import type { Question, Started } from './growth/server.ts'
import { ask, askApproval } from './http-client.ts'
import { load, quantile } from './stats.ts'

const help = `npm run bench:growth -- [options]

What the gateway takes as the payments that it has stored grow: approvals with durable commits, the first page of the window, inquiries,
the console and claims of notices, at 1,000 payments, at a hundred times as many, and so on. All requests go over HTTP to a gateway in a process of its own;
the payments of the past are copies of its own, with all their rows and all indexes.

  --most NUMBER      stored payments at the end (100000); 10000000 takes 60 GB and hours on a small machine
  --engines LIST     sqlite,postgres (both)
  --requests NUMBER  requests of each kind at each size (2000)
  --at-once NUMBER   requests under way (8)
  --folder FOLDER    where the databases stand until the end (the system's folder for temporary files)
  --json             figures as JSON on stdout
`
const values = readOptions(help, {
  most: { type: 'string', default: '100000' },
  engines: { type: 'string', default: 'sqlite,postgres' },
  requests: { type: 'string', default: '2000' },
  'at-once': { type: 'string', default: '8' },
  folder: { type: 'string', default: tmpdir() },
})
const [most, requests, atOnce] = [Number(values.most), Number(values.requests), Number(values['at-once'])]

/** Where one engine keeps its payments. */
interface Engine {
  readonly name: string
  readonly serverArgs: readonly string[]
  open(): Promise<OpenDialect>
  close(): Promise<void>
}

const engines: Readonly<Record<string, () => Promise<Engine>>> = {
  async sqlite() {
    const folder = await mkdtemp(join(values.folder, 'sspay-growth-'))
    return {
      ...{ name: 'sqlite', serverArgs: [folder] },
      open: async () => openSqliteDialect(join(folder, 'gateway.db')),
      close: () => rm(folder, { recursive: true, force: true }),
    }
  },
  async postgres() {
    process.env.TMPDIR = values.folder
    const folder = await mkdtemp(join(values.folder, 'sspay-growth-'))
    const server = await startPostgres({ isDurable: true })
    const url = await server.createDatabase()
    return {
      ...{ name: 'postgres', serverArgs: [folder, url] },
      open: () => openPostgresDialect(url),
      async close() {
        await server.stop()
        await rm(folder, { recursive: true, force: true })
      },
    }
  },
}

interface Gateway extends Started {
  readonly child: ChildProcess
}

async function startGateway({ serverArgs }: Engine): Promise<Gateway> {
  const child = fork(new URL('./growth/server.ts', import.meta.url), [...serverArgs], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const [started] = await once(child, 'message')
  return { child, ...(started as Started) }
}

async function question<Answer>({ child }: Gateway, asked: Question): Promise<Answer> {
  child.send(asked)
  const [answer] = await once(child, 'message')
  return answer as Answer
}

async function stop(gateway: Gateway): Promise<void> {
  gateway.child.send({ ask: 'end' } satisfies Question)
  await once(gateway.child, 'exit')
}

/** Middle and slowest hundredth, in milliseconds, and what one costs the gateway's process in milliseconds of CPU. */
type Figure = readonly [p50Ms: number, p99Ms: number, cpuMs: number]

const kinds = ['approval', 'window page', 'inquiry', 'console', 'claim of notices'] as const

type Figures = Readonly<Record<(typeof kinds)[number], Figure>>

async function measure(gateway: Gateway): Promise<Figures> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  const { url, consoleUrl } = gateway
  const timed = async (count: number, work: (index: number) => Promise<unknown>): Promise<Figure> => {
    await question<number>(gateway, { ask: 'cpu' })
    const { p50Ms, p99Ms } = await load(count, atOnce, work)
    return [p50Ms, p99Ms, (await question<number>(gateway, { ask: 'cpu' })) / 1000 / count]
  }
  const tickets = await question<readonly Ticket[]>(gateway, { ask: 'tickets', count: requests + 500 })
  const forms = await question<readonly string[]>(gateway, { ask: 'forms', count: requests })
  const approve = async (index: number): Promise<void> =>
    says(await askApproval(agent, url, tickets[index] as Ticket), '"3001"')
  // The first ones warm up.
  await timed(500, (index) => approve(requests + index))
  const approval = await timed(requests, approve)
  const windowPage = await timed(requests, async (index) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const opened = await ask(agent, `${url}/ssp/reqPay.do`, { method: 'POST', headers, body: forms[index] ?? '' })
    const page = await ask(agent, new URL(opened.headers.location ?? '', url).href, {})
    says(page.body, 'data-step')
  })
  const inquiry = await timed(requests, async (index) => {
    const { transactionId: Tid, approvalTicket: TrAuthKey } = tickets[index] as Ticket
    const headers = { 'content-type': 'application/json' }
    const path = '/payment/approval/approvalInquiry.do'
    says(
      (await ask(agent, url + path, { method: 'POST', headers, body: JSON.stringify({ Tid, TrAuthKey }) })).body,
      '"3001"',
    )
  })
  const operator = await timed(Math.ceil(requests / 10), async (index) => {
    const { body } = await ask(agent, `${consoleUrl}${index % 2 === 0 ? '/' : '/notifications'}`, {})
    says(body, '<table')
  })
  const timesOfClaims = 200
  await question<number>(gateway, { ask: 'cpu' })
  const claims = await question<readonly number[]>(gateway, { ask: 'claims', count: timesOfClaims })
  const claimCpu = (await question<number>(gateway, { ask: 'cpu' })) / 1000 / timesOfClaims
  agent.destroy()
  const claim: Figure = [quantile(claims, 0.5), quantile(claims, 0.99), claimCpu]
  return { approval, 'window page': windowPage, inquiry, console: operator, 'claim of notices': claim }
}

function says(body: string, expected: string): void {
  if (!body.includes(expected)) throw new Error(`unexpected answer: ${body.slice(0, 300)}`)
}

interface Row {
  readonly payments: number
  readonly bytesPerPayment: number
  readonly fillSeconds: number
  readonly figures: Figures
}

const sizes: readonly number[] = [1_000, 100_000, 10_000_000, most]
  .filter((size, index, all) => size <= most && all.indexOf(size) === index)
  .toSorted((first, second) => first - second)

const pastMs = 400 * 24 * 60 * 60_000

async function grow(engine: Engine): Promise<readonly Row[]> {
  const rows: Row[] = []
  let gateway: Gateway | undefined = await startGateway(engine)
  try {
    const templates = await question<readonly Template[]>(gateway, { ask: 'templates' })
    const startMs = Date.now() - pastMs
    const stepMs = Math.floor(pastMs / most)
    let from = 0
    for (const size of sizes) {
      await stop(gateway)
      gateway = undefined
      const dialect = await engine.open()
      const startedAt = performance.now()
      const tell = progress(engine.name)
      await fill(dialect, { templates, from, to: size, startMs, stepMs }, tell)
      const bytes = await dialect.bytes()
      await dialect.close()
      const fillSeconds = (performance.now() - startedAt) / 1000
      from = size
      gateway = await startGateway(engine)
      const figures = await measure(gateway)
      rows.push({ payments: size, bytesPerPayment: bytes / size, fillSeconds, figures })
    }
    return rows
  } finally {
    if (gateway !== undefined) await stop(gateway)
  }
}

function progress(engine: string): (count: number) => void {
  let toldAt = performance.now()
  return (count) => {
    if (performance.now() - toldAt < 5_000) return
    toldAt = performance.now()
    console.error(`${engine}: ${count.toLocaleString('en-US')} payments are stored`)
  }
}

function table(rows: readonly Row[]): string {
  const head = ['payments', 'bytes each', ...kinds.map((kind) => `${kind}, ms`), ...kinds.map((kind) => `× ${kind}`)]
  const [first] = rows
  const milliseconds = ([p50, p99, cpu]: Figure): string => `${p50.toFixed(2)} / ${p99.toFixed(2)} / ${cpu.toFixed(2)}`
  const ratios = (figure: Figure, base: Figure): string =>
    figure.map((ms, index) => (ms / (base[index] ?? 1)).toFixed(2)).join(' / ')
  return markdownTable(
    head,
    rows.map(({ payments, bytesPerPayment, figures }) => [
      ...[payments.toLocaleString('en-US'), bytesPerPayment.toFixed(0)],
      ...kinds.map((kind) => milliseconds(figures[kind])),
      ...kinds.map((kind) => ratios(figures[kind], first?.figures[kind] ?? figures[kind])),
    ]),
  )
}

const results: Record<string, readonly Row[]> = {}
for (const name of values.engines.split(',')) {
  const engine = await engines[name]?.()
  if (engine === undefined) throw new Error(`there is no engine ${name}`)
  try {
    results[name] = await grow(engine)
  } finally {
    await engine.close()
  }
  console.error(
    `\n${name}: p50 / p99 / CPU of the gateway, and the same as a multiple of the first row\n\n${table(results[name] ?? [])}\n`,
  )
}
if (values.json) console.log(JSON.stringify(results))
