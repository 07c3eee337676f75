import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { readOptions } from '../../bench/command.ts'
import { askApproval } from '../../bench/http-client.ts'
import { load } from '../../bench/stats.ts'
import { type Engine, type EngineName, openEngine } from '../durability/engines.ts'
import {
  approvedCode,
  auditLedgers,
  codeOf,
  countIndeterminate,
  type Ledger,
  makeTickets,
  withTables,
} from '../durability/payments.ts'
import type { Ticket } from '../support/quick-payment.ts'
import { type SimulatedNetwork, startSimulatedNetwork } from '../support/simulated-network.ts'
import { type GatewayProcess, startGateway } from './gateways.ts'

const help = `A gateway as an operator starts it, on a small disk that fills up under approvals and is emptied again.

  node test/cluster/disk-full.ts [--engine sqlite|postgres]

SQLite has the data folder of the gateway on it, PostgreSQL its own. A PostgreSQL that cannot write its log ends itself; it is then started again
every second, as a service manager does, and the gateway is left alone. Prints the answers to shops before, while the disk was full and
after, and how long after the disk was emptied the first approval took. Exits with 1 when an acknowledged approval is lost, when the card network
took money that the tables do not know, when the gateway ended, or when nothing is approved again. Needs Linux and root: it mounts a tmpfs.
`

const values = readOptions(help, { engine: { type: 'string', default: 'sqlite' } })
if (values.engine !== 'sqlite' && values.engine !== 'postgres') throw new Error('--engine is sqlite or postgres')
const name: EngineName = values.engine

const megabytes = { sqlite: 8, postgres: 128 }
/** Small files of the log, so that PostgreSQL soon needs another and does not only use up what it has set aside. */
const initdbFlags = ['--wal-segsize=1']
const settings = ['min_wal_size=2MB', 'max_wal_size=64MB', 'wal_recycle=off']
const counts = { before: 30, full: 90, after: 60 }
const atOnce = 8

const folder = mkdtempSync(join(tmpdir(), 'sspay-full-'))

function fillDisk(): void {
  for (const size of [1 << 20, 1 << 12]) {
    for (let file = 0; ; file++) {
      try {
        writeFileSync(join(folder, `filler-${size}-${file}`), Buffer.alloc(size, 1))
      } catch {
        break
      }
    }
  }
}

const emptyDisk = (): void => void execFileSync('find', [folder, '-maxdepth', '1', '-name', 'filler-*', '-delete'])

const readinessOf = async (url: string): Promise<string> => {
  const answer = await fetch(`${url}/readyz`)
  return `${answer.status} ${(await answer.text()).trim()}`
}

/**
 * Starts the database again whenever it has ended; the returned function stops that and returns how often it was
 * needed.
 */
function restartAfterEnd(engine: Engine): () => Promise<number> {
  let [isOver, restarts] = [false, 0]
  const watching = (async () => {
    while (!isOver) {
      await pause(1_000)
      if (engine.isRunning() !== false) continue
      const isBack = await engine.start().then(
        () => true,
        () => false,
      )
      if (isBack) restarts++
    }
  })()
  return async () => {
    isOver = true
    await watching
    return restarts
  }
}

type Answers = Map<Ticket, string | undefined>

/** Asks for each approval once, as a shop's server does; undefined when no answer came. */
async function approveEach(url: string, tickets: readonly Ticket[], answers: Answers): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  await load(tickets.length, atOnce, async (index) => {
    const ticket = tickets[index] as Ticket
    answers.set(ticket, await askApproval(agent, url, ticket).catch(() => undefined))
  })
  agent.destroy()
}

const countCodes = (answers: Answers, tickets: readonly Ticket[]): Readonly<Record<string, number>> => {
  const codes = tickets.map((ticket) => answers.get(ticket)).map((answer) => (answer ? codeOf(answer) : 'no answer'))
  const tally = Object.groupBy(codes, (code) => code)
  return Object.fromEntries(Object.entries(tally).map(([code, all]) => [code, all?.length ?? 0]))
}

interface Report extends Ledger {
  readonly codes: Readonly<Record<'before' | 'full' | 'after', Readonly<Record<string, number>>>>
  readonly whenFull: string
  readonly whenEmptied: string
  readonly servedAgainMs: number
  readonly databaseRestarts: number
  readonly isGatewayAlive: boolean
}

/** Approves one after the other until the first is approved; resolves with how long that took. */
async function untilServed(url: string, tickets: readonly Ticket[], answers: Answers): Promise<number> {
  const emptiedAt = performance.now()
  for (const ticket of tickets) {
    await approveEach(url, [ticket], answers)
    if (codeOf(answers.get(ticket) ?? '{}') === approvedCode) return Math.round(performance.now() - emptiedAt)
    await pause(100)
  }
  return Number.NaN
}

async function fillAndEmpty(engine: Engine, gateway: GatewayProcess, tickets: readonly Ticket[]) {
  const { url } = gateway
  const answers: Answers = new Map()
  const before = tickets.slice(0, counts.before)
  const full = tickets.slice(counts.before, counts.before + counts.full)
  const after = tickets.slice(counts.before + counts.full)
  const stopRestarting = restartAfterEnd(engine)
  await approveEach(url, before, answers)
  fillDisk()
  await approveEach(url, full, answers)
  const whenFull = await readinessOf(url)
  emptyDisk()
  const servedAgainMs = await untilServed(url, after, answers)
  await approveEach(
    url,
    after.filter((ticket) => !answers.has(ticket)),
    answers,
  )
  const codes = {
    before: countCodes(answers, before),
    full: countCodes(answers, full),
    after: countCodes(answers, after),
  }
  const whenEmptied = await readinessOf(url)
  // Requests that could not be recorded are recovered by the background job.
  const until = performance.now() + 60_000
  while ((await withTables(engine.place, countIndeterminate)) > 0 && performance.now() < until) await pause(1_000)
  const databaseRestarts = await stopRestarting()
  const isGatewayAlive = gateway.isRunning()
  return { answers, report: { codes, whenFull, whenEmptied, servedAgainMs, databaseRestarts, isGatewayAlive } }
}

async function run(engine: Engine, network: SimulatedNetwork): Promise<Report> {
  const all = counts.before + counts.full + counts.after
  const tickets = await withTables(engine.place, (context) => makeTickets(context, all))
  const gateway = await startGateway({ place: engine.environment, cardNetworkUrl: network.url })
  try {
    const { answers, report } = await fillAndEmpty(engine, gateway, tickets)
    const ledger = await withTables(engine.place, (context) => auditLedgers(context, network, answers))
    return { ...report, ...ledger }
  } finally {
    await gateway.stop()
  }
}

execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes[name]}m`, 'tmpfs', folder])
const network = await startSimulatedNetwork()
let engine: Engine | undefined
try {
  engine = await openEngine({ name, folder, settings, initdbFlags })
  const report = await run(engine, network)
  console.log(JSON.stringify(report, null, 2))
  const { lost, wrong, isGatewayAlive, servedAgainMs, codes } = report
  const wasRejected = Object.keys(codes.full).some((code) => code !== approvedCode)
  if (lost > 0 || wrong > 0 || !isGatewayAlive || Number.isNaN(servedAgainMs) || !wasRejected) process.exitCode = 1
} finally {
  await engine?.kill()
  await network.close()
  execFileSync('umount', [folder])
  rmdirSync(folder)
}
