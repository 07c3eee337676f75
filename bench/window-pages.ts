import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPaymentForm, defineMerchant } from '@sspay/merchant'
import { encodeForm } from '@sspay/protocol/charset'
import { testMerchant } from '../packages/sandbox/src/test-merchant.ts'
import { markdownTable, readOptions } from './command.ts'
import { type Answered, ask } from './http-client.ts'
import { type Load, load, median, medianLoad } from './stats.ts'
import { usageOf } from './usage.ts'
import { knownCustomer, type RecordedAnswer, shopOrigin } from './window-server.ts'

const help = `Pages of the payment window in a second.

  node bench/window-pages.ts [--connections 1,16,64] [--runs 3] [--seconds 2] [--json]

open      a signed form to /ssp/reqPay.do, which stores a payment, and the page to which it leads: two requests
password  the page of a member who has only the password to enter, which draws a new keypad, and the keypad's picture: two requests

"gateway" is the whole of it, with its log and its database on disk. "bare" is a node:http server that answers the same requests with the
same bytes and does nothing else. Pages are compressed, as browsers ask for. Medians of the runs, which take turns. "Load" is the share of one core
that this process takes to make the load. CPU comes in steps of 10 ms from Linux.
`

const values = readOptions(help, {
  connections: { type: 'string', default: '1,16,64' },
  runs: { type: 'string', default: '3' },
  seconds: { type: 'string', default: '2' },
})

interface Server {
  readonly name: string
  readonly url: string
  readonly child: ChildProcess
}

const browser = { 'accept-encoding': 'gzip', 'accept-language': 'ko', origin: shopOrigin }
const merchant = defineMerchant({
  merchantId: testMerchant.merchantId,
  easyPayMerchantId: testMerchant.easyPayMerchantId,
  merchantKey: testMerchant.merchantKey.expose(),
  environment: { origin: 'http://127.0.0.1:1' },
  orderSignature: 'off_and_orders_can_be_tampered_with',
})

function formOf(customerId: string, orderId: string): string {
  const { fields } = createPaymentForm(merchant, {
    ...{ amount: 1004, orderId, customerId, goodsName: '커피' },
    ...{ buyerName: '홍길동', buyerPhone: '01099991111', buyerEmail: 'buyer@shop.example' },
    ...{ returnUrl: `${shopOrigin}/return`, abortUrl: `${shopOrigin}/stop` },
  })
  return encodeForm(fields, 'utf-8')
}

async function startServer(name: string, asked: object): Promise<Server> {
  const child = fork(new URL('./window-server.ts', import.meta.url), [], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  child.send(asked)
  const [url] = await once(child, 'message')
  return { name, url, child }
}

/** The requests of one buyer's browser; resolves with the answers. */
type Visit = (agent: Agent, url: string, index: number) => Promise<readonly Answered[]>

const cookieOf = ({ headers }: Answered) => ({ cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '' })

const openWith =
  (customerId: string): Visit =>
  async (agent, url, index) => {
    const headers = { ...browser, 'content-type': 'application/x-www-form-urlencoded' }
    const body = formOf(customerId, `W${index}`)
    const opened = await ask(agent, `${url}/ssp/reqPay.do`, { method: 'POST', headers, body })
    const page = await ask(agent, `${url}${opened.headers.location}`, { headers: { ...browser, ...cookieOf(opened) } })
    if (opened.status !== 303 || page.status !== 200)
      throw new Error(`the window answers ${opened.status} and ${page.status}: ${opened.body.slice(0, 300)}`)
    return [opened, page]
  }

const visitWindow =
  (windowOf: (index: number) => Answered | undefined): Visit =>
  async (agent, url, index) => {
    const opened = windowOf(index)
    const headers = { ...browser, ...(opened && cookieOf(opened)) }
    const page = await ask(agent, `${url}${opened?.headers.location}`, { headers })
    const source = /data-keypad src="([^"]+)"/.exec(page.body)?.[1]
    if (source === undefined) throw new Error(`there is no keypad on the page: ${page.status}`)
    const picture = await ask(agent, `${url}${source}`, { headers: browser })
    if (picture.status !== 200) throw new Error(`the picture of the keypad answers ${picture.status}`)
    return [page, picture]
  }

const recorded = (kind: string, { status, headers, bytes }: Answered): RecordedAnswer => {
  const kept = Object.entries(headers).filter(
    ([name]) => !/^(connection|keep-alive|date|transfer-encoding)$/.test(name),
  )
  return { kind, status, headers: Object.fromEntries(kept) as Record<string, string>, bytes: bytes.toString('base64') }
}

interface Figures extends Load {
  readonly serverMicros: number
}

async function measure({ url, child }: Server, visit: Visit, atOnce: number, count: number): Promise<Figures> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  const pid = child.pid ?? Number.NaN
  const before = usageOf(pid).cpuMs
  const figures = await load(count, atOnce, (index) => visit(agent, url, index))
  agent.destroy()
  return { ...figures, serverMicros: ((usageOf(pid).cpuMs - before) * 1_000) / count }
}

interface Result extends Load {
  readonly work: string
  readonly server: string
  readonly atOnce: number
  readonly serverMicros: number
}

async function compare(
  work: string,
  servers: readonly Server[],
  visit: Visit,
  atOnce: number,
): Promise<readonly Result[]> {
  const runs = new Map(servers.map((server): [Server, Figures[]] => [server, []]))
  const counts = new Map<Server, number>()
  for (let run = 0; run <= Number(values.runs); run++) {
    for (const server of servers) {
      const figures = await measure(server, visit, atOnce, counts.get(server) ?? 200)
      counts.set(server, Math.ceil(figures.perSecond * Number(values.seconds)))
      // The first is short and warms up.
      if (run > 0) runs.get(server)?.push(figures)
    }
  }
  return [...runs].map(([{ name }, figures]) => ({
    ...{ work, server: name, atOnce, ...medianLoad(figures) },
    serverMicros: median(figures.map(({ serverMicros }) => serverMicros)),
  }))
}

const cellsOf = (one: Result): readonly (string | number)[] => [
  ...[one.work, one.server, one.atOnce, one.perSecond.toFixed(0), one.p50Ms.toFixed(2), one.p99Ms.toFixed(2)],
  ...[one.serverMicros.toFixed(0), `${((one.cpuMicros * one.perSecond) / 1e4).toFixed(0)} %`],
]

const dataFolder = await mkdtemp(join(tmpdir(), 'sspay-window-'))
const servers: Server[] = []
try {
  const gateway = await startServer('gateway', { dataFolder })
  servers.push(gateway)
  const agent = new Agent({ keepAlive: true })
  const opening = openWith('newcomer01')
  const [opened, firstPage] = (await opening(agent, gateway.url, 0)) as [Answered, Answered]
  const windows: (Answered | undefined)[] = []
  for (let index = 0; index < 64; index++) windows.push((await openWith(knownCustomer)(agent, gateway.url, index))[0])
  const entering = visitWindow((index) => windows[index % windows.length])
  const [page, picture] = (await entering(agent, gateway.url, 0)) as [Answered, Answered]
  agent.destroy()
  servers.push(await startServer('bare', [recorded('open', opened), recorded('page', firstPage)]))
  servers.push(await startServer('bare', [recorded('page', page), recorded('picture', picture)]))
  const [, bareOpening, bareEntering] = servers as [Server, Server, Server]
  const results: Result[] = []
  for (const atOnce of values.connections.split(',').map(Number)) {
    results.push(...(await compare('open', [gateway, bareOpening], opening, atOnce)))
    results.push(...(await compare('password', [gateway, bareEntering], entering, atOnce)))
  }
  const head = ['Work', 'Server', 'At once', 'A second', 'p50, ms', 'p99, ms', 'Server CPU, µs', 'Load']
  console.log(values.json ? JSON.stringify(results) : markdownTable(head, results.map(cellsOf)))
} finally {
  const ended = servers.map(({ child }) => once(child, 'exit'))
  for (const { child } of servers) child.disconnect()
  await Promise.all(ended)
  await rm(dataFolder, { recursive: true, force: true })
}
