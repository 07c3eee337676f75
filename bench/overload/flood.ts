import { setTimeout as pause } from 'node:timers/promises'
import { cpuSecondsBetween, cpuSecondsOf, machineCpuSeconds } from '../load/cpu-time.ts'
import type { Stage, StageFigures } from '../load/generator.ts'
import { quantile } from '../stats.ts'
import { type Setup, withGateway } from './setup.ts'

export interface FloodOptions {
  readonly capacityPerSecond: number
  readonly perSecond: number
  readonly seconds: number
  readonly connections: number
  readonly targetLatencyMs: number
  readonly cpuShare: number | undefined
}

export interface Flood {
  readonly idle: StageFigures
  readonly flood: StageFigures
  readonly after: StageFigures
  readonly floodCpu: Cpu
}

/** In cores, while the flood lasts. */
interface Cpu {
  readonly gateway: number
  readonly generator: number
  /** CPU use of all other processes of the machine. */
  readonly others: number
}

const idlePerSecond = 50
const warmUpTickets = 3_000

/** A light load, the flood, and at once the light load again. */
export async function runFlood(setup: Setup, options: FloodOptions): Promise<Flood> {
  const { capacityPerSecond, perSecond, seconds, connections } = options
  const light: Stage = { seconds: 10, perSecond: idlePerSecond }
  const warm = await setup.place.makeTickets(warmUpTickets)
  const few = await setup.place.makeTickets(1_000)
  const many = await setup.place.makeTickets(ticketsOfFlood(capacityPerSecond, seconds, connections))
  return withGateway(setup, options, async (gateway) => {
    await gateway.run({ tickets: warm, connections: 256, stages: [{ seconds: 4 }] })
    const lightStages = [{ seconds: 2, perSecond: idlePerSecond }, light]
    const [quiet] = await gateway.run({ tickets: few, connections: 64, stages: lightStages })
    const flooded = gateway.run({ tickets: many, connections, stages: [{ seconds, perSecond }, light] })
    const floodCpu = await watchCpu(setup, gateway.pid, seconds)
    const [answer] = await flooded
    const [flood, after] = answer?.stages ?? []
    return { idle: quiet?.stages[1], flood, after, floodCpu } as Flood
  })
}

/** More than can be approved meanwhile. Those that wait for an answer have their ticket with them. */
export const ticketsOfFlood = (capacityPerSecond: number, seconds: number, connections: number): number =>
  Math.ceil(capacityPerSecond * seconds * 1.2) + 2 * connections + 1_000

async function watchCpu({ generators, network }: Setup, gatewayPid: number, seconds: number): Promise<Cpu> {
  const groups = [[gatewayPid], [generators[0].pid], [process.pid, network.pid, generators[1].pid]]
  const look = () => ({ machine: machineCpuSeconds(), used: groups.map(cpuSecondsOf) })
  const before = look()
  await pause(seconds * 1000)
  const after = look()
  const [gateway = 0, generator = 0, rest = 0] = groups.map(
    (_, index) => cpuSecondsBetween(before.used[index] ?? new Map(), after.used[index] ?? new Map()) / seconds,
  )
  const machine = (after.machine - before.machine) / seconds
  return { gateway, generator, others: machine - gateway - generator - rest }
}

const recoveryWindowMs = 250

/**
 * From the end of the flood until the end of the first window whose p99 is within `limitMs`; infinite when there is
 * none.
 */
export function recoveryMs({ approvedDueAt, approvedMs, seconds }: StageFigures, limitMs: number): number {
  for (let start = 0; start < seconds * 1000; start += recoveryWindowMs) {
    const inWindow = approvedMs.filter((_, index) => {
      const dueAt = approvedDueAt[index] ?? Number.NaN
      return dueAt >= start && dueAt < start + recoveryWindowMs
    })
    if (inWindow.length > 0 && quantile(inWindow, 0.99) <= limitMs) return start + recoveryWindowMs
  }
  return Number.POSITIVE_INFINITY
}
