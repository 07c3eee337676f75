import { setTimeout as pause } from 'node:timers/promises'
import { startGateway } from '../../test/cluster/gateways.ts'
import type { Ticket } from '../../test/support/quick-payment.ts'
import { startChild } from '../child.ts'
import type { Generator } from '../load/generate.ts'
import type { Stage, StageFigures } from '../load/generator.ts'
import { latencyTarget } from '../load/latency-target.ts'
import { openGatewayPlace } from '../load/place.ts'
import { usageOf } from '../usage.ts'
import type { AttackOptions, AttackQuestion, AttackStatus } from './attackers.ts'
import type { AttackName } from './attacks.ts'
import { watchMemory } from './memory.ts'

/** Setup of all cases. */
export interface Surroundings {
  readonly cardNetworkUrl: string
  readonly tlsFiles: { readonly keyFile: string; readonly certFile: string; readonly ca: string }
  /** One for each address that approves. */
  readonly generators: readonly Generator[]
  readonly seconds: number
  readonly perSecond: number
  readonly connections: number
  readonly targetLatencyMs: string
}

export interface Case {
  readonly attack: AttackName
  readonly listener: 'plain' | 'tls'
  readonly addresses: number
}

export interface CaseFigures extends Case {
  readonly approvals: readonly ApprovalFigures[]
  /** Connections that the attackers hold at the end, and how many they opened each second. */
  readonly held: number
  readonly openedPerSecond: number
  readonly memory: { readonly before: number; readonly peak: number; readonly after: number }
}

export interface ApprovalFigures {
  readonly address: string
  readonly idle: StageFigures
  readonly attacked: StageFigures
}

/** The first is one of the attackers' addresses, the other is not. */
export const approvalAddresses = ['127.0.0.1', '127.0.0.250'] as const

const warmUpSeconds = 5
const generatorConnections = 256
const openWithinMs = 5_000
const restMs = 2_000

/** A gateway of its own for each case: so what an earlier one has left in memory is no part of it. */
export async function measureCase(around: Surroundings, one: Case): Promise<CaseFigures> {
  const { seconds, perSecond, tlsFiles, generators } = around
  const place = await openGatewayPlace('sqlite')
  try {
    const each = (2 * seconds + warmUpSeconds) * perSecond
    const tickets = await place.makeTickets(approvalAddresses.length * each)
    const environment = {
      ...place.environment,
      ...latencyTarget(around.targetLatencyMs),
      SSPAY_TLS_KEY: tlsFiles.keyFile,
      SSPAY_TLS_CERT: tlsFiles.certFile,
    }
    const gateway = await startGateway({ place: environment, cardNetworkUrl: around.cardNetworkUrl })
    try {
      const url = one.listener === 'tls' ? (gateway.tlsUrl ?? '') : gateway.url
      const rest = generators.map((_, index) => tickets.slice(index * each, (index + 1) * each))
      const approve = (stage: Stage) => approveFromAll(url, { around, rest, stage })
      await approve({ seconds: warmUpSeconds, perSecond })
      const idle = await approve({ seconds, perSecond })
      const attacked = await attack(around, { ...one, url, pid: gateway.pid }, () => approve({ seconds, perSecond }))
      const approvals = approvalAddresses.map((address, index) => ({
        address,
        idle: idle[index],
        attacked: attacked.approvals[index],
      })) as readonly ApprovalFigures[]
      return { ...one, ...attacked, approvals }
    } finally {
      await gateway.stop()
    }
  } finally {
    await place.close()
  }
}

interface Approving {
  readonly around: Surroundings
  /** Tickets of each generator that were not used yet. */
  readonly rest: (readonly Ticket[])[]
  readonly stage: Stage
}

async function approveFromAll(url: string, { around, rest, stage }: Approving): Promise<readonly StageFigures[]> {
  const count = Math.ceil(stage.seconds * around.perSecond)
  const answers = await Promise.all(
    around.generators.map((generator, index) => {
      const tickets = rest[index]?.slice(0, count) ?? []
      rest[index] = rest[index]?.slice(count) ?? []
      const localAddress = approvalAddresses[index] ?? ''
      const connecting = { url, localAddress, ca: around.tlsFiles.ca, isSingleUse: true }
      return generator.run({ ...connecting, tickets, connections: generatorConnections, stages: [stage] })
    }),
  )
  return answers.flatMap(({ stages }) => stages)
}

type Attacked = Pick<CaseFigures, 'held' | 'openedPerSecond' | 'memory'> & {
  readonly approvals: readonly StageFigures[]
}

async function attack(
  { connections }: Surroundings,
  { attack: name, url, addresses, pid }: Case & { readonly url: string; readonly pid: number },
  approve: () => Promise<readonly StageFigures[]>,
): Promise<Attacked> {
  const child = startChild(new URL('./attackers.ts', import.meta.url))
  const ask = (question: AttackQuestion): Promise<AttackStatus> => child.ask(question)
  const before = usageOf(pid).residentBytes
  const memory = watchMemory(pid)
  try {
    const options: AttackOptions = { url, name, connections, addresses }
    await ask({ ask: 'start', attack: options })
    const openBy = performance.now() + openWithinMs
    // A gateway may close them as fast as they are opened: then there is nothing to wait for.
    while ((await ask({ ask: 'status' })).open < connections && performance.now() < openBy) await pause(100)
    const { opened } = await ask({ ask: 'status' })
    const startedAt = performance.now()
    const approvals = await approve()
    const status = await ask({ ask: 'status' })
    const openedPerSecond = ((status.opened - opened) * 1000) / (performance.now() - startedAt)
    await child.stop()
    await pause(restMs)
    const after = usageOf(pid).residentBytes
    return { approvals, held: status.open, openedPerSecond, memory: { before, peak: memory.stop(), after } }
  } finally {
    memory.stop()
    await child.stop()
  }
}
