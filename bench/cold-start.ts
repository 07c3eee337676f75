import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { approvedCode, codeOf, makeTickets, withTables } from '../test/durability/payments.ts'
import { quickRootKey, type Ticket } from '../test/support/quick-payment.ts'
import { startSimulatedNetwork } from '../test/support/simulated-network.ts'
import { type Bound, checkBounds } from './bounds.ts'
import { markdownTable, readOptions } from './command.ts'
import { ask, askApproval } from './http-client.ts'
import { load, median } from './stats.ts'
import { usageOf } from './usage.ts'

const help = `From the command to the first answer over HTTP, and the memory that it takes.

  node bench/cold-start.ts [--runs 5] [--approvals 10000] [--json]

Each start is a process of its own, as an operator or a developer starts it; the clock runs from before the process until its answer to
GET /readyz has been read. First on an empty folder, then on the folder of a gateway that has taken so many approvals. "Published" is what
npm run build makes of it and npm installs; from source, Node strips the types of every file first. Each without Node's compile cache and
with a filled one; tests start the sources with it. Modules are those that are not Node's own. Beside them how long Node itself needs to
start and to end. Memory is what the process keeps resident, two seconds after the last request. Needs Linux. Ends with 1 when
the published gateway takes longer than 1,500 ms on an empty folder or 700 ms on one in use, or a start loads more modules than it did.
`

const values = readOptions(help, {
  runs: { type: 'string', default: '5' },
  approvals: { type: 'string', default: '10000' },
})
const runs = Number(values.runs)
const restMs = 2_000

interface Program {
  readonly file: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

/** Options of Node, and variables beside those of the program. */
interface Launch {
  readonly options?: readonly string[]
  readonly variables?: Readonly<Record<string, string>>
}

interface Started {
  readonly pid: number
  readonly url: string
  readonly readyMs: number
  readonly cpuMs: number
  stop(): Promise<void>
}

interface Row {
  readonly what: string
  readonly readyMs: number
  readonly cpuMs?: number
  readonly restMegabytes?: number
  readonly modules?: number
}

const pathOf = (file: string): string => fileURLToPath(new URL(`../${file}`, import.meta.url))

const gatewayFiles = { source: pathOf('packages/gateway/src/bin.ts'), published: pathOf('dist/gateway/dist/bin.js') }
const sandboxFiles = { source: pathOf('packages/sandbox/src/bin.ts'), published: pathOf('dist/sandbox/dist/bin.js') }

const gatewayOn =
  (file: string, cardNetworkUrl = 'http://127.0.0.1:1') =>
  (folder: string): Program => ({
    ...{ file, args: [] },
    environment: {
      SSPAY_DATA: folder,
      SSPAY_ROOT_KEY: quickRootKey.expose(),
      SSPAY_CARD_NETWORK_URL: cardNetworkUrl,
      SSPAY_IDENTITY_URL: 'http://127.0.0.1:1',
      SSPAY_GATEWAY_PORT: '0',
      SSPAY_CONSOLE_PORT: '0',
    },
  })

const sandboxOn =
  (file: string) =>
  (folder: string): Program => ({
    ...{ file, args: ['sandbox', '--data', folder, '--json'] },
    environment: {
      SSPAY_SHOP_PORT: '0',
      SSPAY_GATEWAY_PORT: '0',
      SSPAY_GATEWAY_TLS_PORT: '0',
      SSPAY_CONSOLE_PORT: '0',
    },
  })

async function start(
  { file, args, environment }: Program,
  { options = [], variables = {} }: Launch = {},
): Promise<Started> {
  const agent = new Agent()
  const startedAt = performance.now()
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...options, file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH ?? '', ...environment, ...variables },
  })
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)))
    child.stdout.on('data', (text: Buffer) => {
      said += text
      const found = /"(?:url|gateway)":"(http:[^"]+)"/.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    })
  })
  const { status, body } = await ask(agent, `${url}/readyz`, {})
  const readyMs = performance.now() - startedAt
  if (status !== 200) throw new Error(`${file} is not ready: ${status} ${body}`)
  const pid = child.pid ?? Number.NaN
  return {
    ...{ pid, url, readyMs },
    cpuMs: usageOf(pid).cpuMs,
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Medians over starts on the folder that `folderFor` gives to each. */
async function measureStarts(
  what: string,
  programOn: (folder: string) => Program,
  folderFor: () => Promise<string>,
  launch: Launch = {},
): Promise<Row> {
  const starts: Required<Omit<Row, 'what' | 'modules'>>[] = []
  for (let run = 0; run < runs; run++) {
    const { pid, readyMs, cpuMs, stop } = await start(programOn(await folderFor()), launch)
    await pause(restMs)
    starts.push({ readyMs, cpuMs, restMegabytes: usageOf(pid).residentBytes / 1e6 })
    await stop()
  }
  return {
    what,
    readyMs: median(starts.map(({ readyMs }) => readyMs)),
    cpuMs: median(starts.map(({ cpuMs }) => cpuMs)),
    restMegabytes: median(starts.map(({ restMegabytes }) => restMegabytes)),
    modules: await countModules(programOn(await folderFor())),
  }
}

/** In a start that is not timed, since counting slows it down. */
async function countModules(program: Program): Promise<number> {
  const file = join(await newFolder(), 'modules')
  const counter = pathOf('bench/count-modules.ts')
  await (await start(program, { options: ['--import', counter], variables: { MODULES_FILE: file } })).stop()
  return Number(await readFile(file, 'utf8'))
}

async function measureBoth(
  what: string,
  programOn: (folder: string) => Program,
  used: string,
): Promise<readonly Row[]> {
  const cached = { variables: { NODE_COMPILE_CACHE: await newFolder() } }
  // A process writes the cache when it ends.
  await (await start(programOn(await newFolder()), cached)).stop()
  return [
    await measureStarts(`${what}, empty folder`, programOn, newFolder),
    await measureStarts(`${what}, empty folder, compile cache`, programOn, newFolder, cached),
    await measureStarts(`${what}, folder in use`, programOn, async () => used),
  ]
}

function measureNode(...args: readonly string[]): Row {
  const times = Array.from({ length: runs }, () => {
    const startedAt = performance.now()
    spawnSync(process.execPath, args)
    return performance.now() - startedAt
  })
  return { what: `node ${args.join(' ')}, to its end`, readyMs: median(times) }
}

/** Takes so many payments on the folder; resolves with what the gateway keeps resident after them. */
async function approveMany(folder: string): Promise<number> {
  const count = Number(values.approvals)
  const tickets = await withTables({ sqliteFile: join(folder, 'gateway.db') }, (context) => makeTickets(context, count))
  const network = await startSimulatedNetwork()
  const { pid, url, stop } = await start(gatewayOn(gatewayFiles.source, network.url)(folder))
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  try {
    await load(count, 16, async (index) => {
      const code = codeOf(await askApproval(agent, url, tickets[index] as Ticket))
      if (code !== approvedCode) throw new Error(`an approval was answered with ${code}`)
    })
    await pause(restMs)
    return usageOf(pid).residentBytes / 1e6
  } finally {
    agent.destroy()
    await stop()
    await network.close()
  }
}

const boundsOf = (rows: readonly Row[]): readonly Bound[] => {
  const rowOf = (name: string) => rows.find(({ what }) => what === name)
  const readyMs = (folder: string): number => rowOf(`sspay-gateway, published, ${folder}`)?.readyMs ?? Number.NaN
  const modules = (command: string): number => rowOf(`${command}, source, empty folder`)?.modules ?? Number.NaN
  return [
    { name: 'Published gateway, empty folder, ms', measured: readyMs('empty folder'), most: 1_500 },
    { name: 'Published gateway, folder in use, ms', measured: readyMs('folder in use'), most: 700 },
    { name: 'Modules of the gateway', measured: modules('sspay-gateway'), most: 430 },
    { name: 'Modules of the sandbox', measured: modules('sspay sandbox'), most: 550 },
  ]
}

const parent = await mkdtemp(join(tmpdir(), 'sspay-start-'))
const newFolder = (): Promise<string> => mkdtemp(join(parent, 'data-'))
try {
  const [usedFolder, sandboxFolder] = [await newFolder(), await newFolder()]
  const afterMegabytes = await approveMany(usedFolder)
  await (await start(sandboxOn(sandboxFiles.source)(sandboxFolder))).stop()
  const rows = [measureNode('--version'), measureNode('--eval', '0')]
  const isBuilt = existsSync(gatewayFiles.published)
  const kinds = isBuilt ? (['published', 'source'] as const) : (['source'] as const)
  for (const kind of kinds) {
    rows.push(...(await measureBoth(`sspay-gateway, ${kind}`, gatewayOn(gatewayFiles[kind]), usedFolder)))
    rows.push(...(await measureBoth(`sspay sandbox, ${kind}`, sandboxOn(sandboxFiles[kind]), sandboxFolder)))
  }
  if (!isBuilt) console.error('The published form is not built: npm run build.')
  const bounds = checkBounds(boundsOf(rows))
  if (values.json) console.log(JSON.stringify({ rows, afterMegabytes }))
  else {
    const text = (value: number | undefined): string => value?.toFixed(0) ?? '–'
    const cells = rows.map(({ what, readyMs, cpuMs, restMegabytes, modules }) => [
      what,
      ...[readyMs, cpuMs, restMegabytes, modules].map(text),
    ])
    const head = ['What', 'First answer, ms', 'CPU until then, ms', 'Memory at rest, MB', 'Modules']
    console.log(`${markdownTable(head, cells)}${bounds}`)
    console.log(`\nsspay-gateway after ${values.approvals} approvals, at rest: ${text(afterMegabytes)} MB`)
  }
} finally {
  await rm(parent, { recursive: true, force: true })
}
