import { type GatewayProcess, startGateway } from '../../test/cluster/gateways.ts'
import { limitCpu } from '../load/cpu-quota.ts'
import { type Generator, startGenerator } from '../load/generate.ts'
import type { Load, LoadAnswer } from '../load/generator.ts'
import { latencyTarget } from '../load/latency-target.ts'
import { type GatewayPlace, openGatewayPlace } from '../load/place.ts'
import { type SlowCardNetwork, startSlowCardNetwork } from '../load/slow-card-network.ts'

/** Settings of every gateway of the benchmark. */
export interface Setup {
  readonly place: GatewayPlace
  readonly network: SlowCardNetwork
  /** The flood, and a load beside it. */
  readonly generators: readonly [Generator, Generator]
  /** Transaction ids of what was acknowledged as approved. */
  readonly approved: string[]
  close(): Promise<void>
}

export async function openSetup(engine: string, networkLatencyMs: number): Promise<Setup> {
  const network = await startSlowCardNetwork(networkLatencyMs)
  const place = await openGatewayPlace(engine)
  const generators = [startGenerator(), startGenerator()] as const
  return {
    place,
    network,
    generators,
    approved: [],
    async close() {
      for (const generator of generators) await generator.stop()
      await network.close()
      await place.close()
    },
  }
}

export interface GatewayUnderLoad {
  readonly pid: number
  /** Runs one load on each generator, all at the same time, when the connections of all are open. */
  run(...loads: readonly Omit<Load, 'url'>[]): Promise<readonly LoadAnswer[]>
}

interface GatewaySettings {
  readonly targetLatencyMs: number
  /** Part of a core that it may use; all that it gets when undefined. */
  readonly cpuShare?: number | undefined
}

/** Gives `work` a gateway in a process of its own, and keeps what was approved there. */
export async function withGateway<Result>(
  { place, network, generators, approved }: Setup,
  { targetLatencyMs, cpuShare }: GatewaySettings,
  work: (gateway: GatewayUnderLoad) => Promise<Result>,
): Promise<Result> {
  const environment = { ...place.environment, ...latencyTarget(targetLatencyMs) }
  const gateway: GatewayProcess = await startGateway({ place: environment, cardNetworkUrl: network.url })
  const quota = cpuShare === undefined ? undefined : limitCpu(gateway.pid, cpuShare)
  if (cpuShare !== undefined && quota === undefined) console.error('No control group can be made here.')
  try {
    return await work({
      pid: gateway.pid,
      async run(...loads) {
        const busy = generators.slice(0, loads.length)
        await Promise.all(loads.map((load, index) => busy[index]?.prepare({ ...load, url: gateway.url })))
        const answers = await Promise.all(busy.map((generator) => generator.runPrepared()))
        for (const answer of answers) approved.push(...answer.approved)
        return answers
      },
    })
  } finally {
    await gateway.stop()
    quota?.release()
  }
}

/**
 * Approvals that the tables do not have, or that were charged twice or not at all, and charges without an
 * acknowledgement.
 */
export async function countLedgerMismatches({ place, network, approved }: Setup): Promise<number> {
  const known = await place.approvedTransactions()
  const charges = await network.charges()
  const acknowledged = new Set(approved)
  const all = new Set([...acknowledged, ...known, ...charges.keys()])
  return [...all].filter((id) => !(acknowledged.has(id) && known.has(id) && charges.get(id) === 1)).length
}
