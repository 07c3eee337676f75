import { Agent } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { askApproval } from '../../bench/http-client.ts'
import { type GatewayProcess, startGateway } from '../cluster/gateways.ts'
import type { Ticket } from '../support/quick-payment.ts'
import { type SimulatedNetwork, startSimulatedNetwork } from '../support/simulated-network.ts'
import { type CutDisk, makeCutDisk } from './cut-disk.ts'
import { type Engine, type EngineName, openEngine } from './engines.ts'
import {
  approvedCode,
  auditLedgers,
  codeOf,
  countIndeterminate,
  type Ledger,
  makeTickets,
  withTables,
} from './payments.ts'

export interface Cuts {
  readonly engine: EngineName
  /** False: a commit is acknowledged before it is flushed. */
  readonly waitsForFlush: boolean
  readonly cuts: number
  /** Approvals under way. */
  readonly atOnce: number
  /** Upper bound for the number of approvals before the power cut; the lower bound is a quarter of it. */
  readonly most: number
}

export interface CutReport extends Cuts, Ledger {
  readonly acknowledged: number
  /** In flight at the cut, and not acknowledged. */
  readonly rejected: number
}

/**
 * Cuts the power under a load, again and again on the same disk, and compares the acknowledged answers with the stored
 * payments at the end.
 */
export async function cutRepeatedly(options: Cuts): Promise<CutReport> {
  const disk = makeCutDisk()
  const network = await startSimulatedNetwork()
  let engine: Engine | undefined
  try {
    engine = await openEngine({ ...options, name: options.engine, folder: disk.folder })
    const answers = new Map<Ticket, string | undefined>()
    for (let cut = 0; cut < options.cuts; cut++) await cutOnce({ disk, network, engine }, options, answers)
    const ledger = await recordOutcomeAndAudit({ network, engine }, answers)
    const answered = [...answers.values()].filter((answer) => answer !== undefined)
    const acknowledged = answered.filter((answer) => codeOf(answer) === approvedCode).length
    return { ...options, acknowledged, rejected: answers.size - acknowledged, ...ledger }
  } finally {
    await engine?.kill()
    await network.close()
    disk.remove()
  }
}

interface Machine {
  readonly disk: CutDisk
  readonly network: SimulatedNetwork
  readonly engine: Engine
}

/** A load, a cut at any moment of it, and the machine on again. */
async function cutOnce(
  { disk, network, engine }: Machine,
  { atOnce, most }: Cuts,
  answers: Map<Ticket, string | undefined>,
): Promise<void> {
  const tickets = await withTables(engine.place, (context) => makeTickets(context, most + 20 * atOnce))
  const gateway = await startOn(engine, network)
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  const cutAfter = Math.ceil(most / 4 + Math.random() * most * 0.75)
  let [approved, next] = [0, 0]
  const lane = async (): Promise<void> => {
    for (let ticket = tickets[next++]; ticket !== undefined; ticket = tickets[next++]) {
      const answer = await askApproval(agent, gateway.url, ticket).catch(() => undefined)
      answers.set(ticket, answer)
      if (answer === undefined || codeOf(answer) !== approvedCode) return
      if (++approved === cutAfter) disk.cutPower()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  agent.destroy()
  await gateway.kill()
  await engine.kill()
  disk.mountAgain()
  await engine.start()
}

const startOn = ({ environment, nodeOptions }: Engine, network: SimulatedNetwork): Promise<GatewayProcess> =>
  startGateway({ place: environment, cardNetworkUrl: network.url, nodeOptions })

/**
 * A gateway that starts again finds out what became of the payments under way; a payment that was not asked about for
 * 8.5 s counts as such.
 */
async function recordOutcomeAndAudit(
  { network, engine }: Omit<Machine, 'disk'>,
  answers: ReadonlyMap<Ticket, string | undefined>,
): Promise<Ledger> {
  const gateway = await startOn(engine, network)
  const until = performance.now() + 60_000
  try {
    while ((await withTables(engine.place, countIndeterminate)) > 0 && performance.now() < until) await pause(1_000)
  } finally {
    await gateway.stop()
  }
  return withTables(engine.place, (context) => auditLedgers(context, network, answers))
}
