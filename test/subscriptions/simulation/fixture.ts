import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { type Context, defaultSettings, type Runtime, saveMerchant } from '@sspay/gateway'
import { testMerchant } from '@sspay/sandbox'
import { type Dice, rollDice } from '../../faults/fixture/dice.ts'
import { type GatewayFixture, networkUrl, openGatewayFixture } from '../../faults/fixture/gateway-fixture.ts'
import type { InjectedBug } from '../../faults/fixture/injected-bug.ts'
import { cross, faultWeightsOf } from '../../faults/fixture/link.ts'
import { type NetworkFixture, openNetworkFixture } from '../../faults/fixture/network-fixture.ts'
import { createTally, type Tally } from '../../faults/fixture/tally.ts'
import type { Travel } from '../../faults/fixture/travel.ts'
import { createVirtualClock, type VirtualClock } from '../../faults/fixture/virtual-clock.ts'
import { openWatchedDisks } from '../../simulation/watched-disks.ts'
import { watchedCharges } from './watched-charges.ts'

export interface BillingFixture {
  readonly clock: VirtualClock
  readonly dice: Dice
  readonly tally: Tally
  readonly network: NetworkFixture
  readonly gateway: GatewayFixture
  /** The shop's database, which outlives its processes. */
  readonly shop: DatabaseSync
  readonly travel: Travel
  readonly bug: InjectedBug
  /** The share of the requests that meet a fault from now on; 0 at first. */
  startFaults(rate: number): void
  /** Nothing fails or dies from now on. */
  stopFaults(): void
  trace(line: string): void
  traceHash(): string
  /** Problems found by the watcher of the rows, and errors of the gateway. */
  problems(): readonly string[]
  close(): Promise<void>
}

const startOfTime = new Date('2026-01-01T09:00:00+09:00')
const lateAnswerMs = defaultSettings.cardNetworkTimeoutMs + 2_000
const stepsPerLife = { from: 20, to: 6_000 }

/** Card network, gateway and a shop in one process on one virtual clock, with links between them that fail. */
export async function openBillingFixture(seed: string, bug: InjectedBug): Promise<BillingFixture> {
  const clock = createVirtualClock(startOfTime)
  const dice = rollDice(seed, 'links')
  const tally = createTally()
  const trace = createHash('sha256')
  const disks = await openWatchedDisks(watchedCharges)
  let faultRate = 0

  const note = (line: string): void => void trace.update(`${clock.now().getTime()} ${line}\n`)
  const travel: Travel = async (link, _about, timeoutMs, deliver) => {
    const fault = dice.chance(faultRate) ? dice.pick(faultWeightsOf(link)) : undefined
    if (fault !== undefined) tally.add(`fault ${link} ${fault}`)
    const crossing = await cross(clock, { dice, fault, timeoutMs, deliver })
    note(`${link} ${fault ?? ''} ${crossing.result}`)
    return crossing
  }
  const outside: Runtime = {
    now: clock.now,
    schedule: clock.schedule,
    randomBytes: rollDice(seed, 'network').bytes,
    fetch: () => Promise.reject(new Error('the card network sends no requests')),
  }
  const network = await openNetworkFixture(await disks.openNetwork(), outside, lateAnswerMs)
  const gateway = await openGatewayFixture({
    openStorage: disks.openGateway,
    clock,
    tally,
    stepsPerLife,
    bug,
    seed: seedGateway,
    dice: rollDice(seed, 'gateway'),
    commitDice: rollDice(seed, 'commits'),
    oneSlowCommitIn: 500,
    async fetch(url, { body = '', timeoutMs }) {
      const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body)
      const verb = url.slice(networkUrl.length + 1)
      const crossing = await travel(verb, '', timeoutMs, () => network.deliver(verb, bytes))
      if (crossing.result !== 'answered') throw new Error(crossing.result)
      return bug.readNetworkAnswer(crossing.answer, bytes.toString('utf8'))
    },
  })
  return {
    clock,
    dice,
    tally,
    network,
    gateway,
    travel,
    bug,
    shop: disks.openShop('replay'),
    startFaults(rate) {
      faultRate = rate
    },
    stopFaults() {
      faultRate = 0
      gateway.stopFaults()
    },
    trace: note,
    traceHash: () => trace.copy().digest('hex'),
    problems: () => [
      ...(disks.problems?.() ?? []),
      ...gateway.errors.map((error) => `the gateway logged an error: ${error}`),
    ],
    async close() {
      await gateway.close()
      await network.close()
      await disks.remove()
    },
  }
}

const seedGateway = (context: Context): Promise<void> =>
  saveMerchant(context, {
    ...testMerchant,
    billKeys: { sameCard: 'add', otherCard: 'add', perMember: 'many', identity: 'off' },
  })
