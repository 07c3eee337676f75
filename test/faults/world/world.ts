import { createHash } from 'node:crypto'
import {
  type Context,
  defaultSettings,
  type Merchant,
  MerchantError,
  type Runtime,
  Secret,
  saveMerchant,
  saveNotificationTarget,
} from '@sspay/gateway'
import { testMerchant } from '@sspay/sandbox'
import { awkwardNames } from '../../support/awkward-names.ts'
import { type Dice, rollDice } from './dice.ts'
import type { Disks } from './disks.ts'
import { type GatewayWorld, networkUrl, openGatewayWorld } from './gateway-world.ts'
import { cross, faultWeightsOf } from './link.ts'
import { type NetworkWorld, openNetworkWorld } from './network-world.ts'
import { type Intensity, oneSlowCommitIn, type Plan, type ShopName, shopNames, stepsPerLife } from './plan.ts'
import type { PlantedBug } from './planted-bug.ts'
import { openShopWorld, type ShopWorld } from './shop-world.ts'
import { createTally, type Tally } from './tally.ts'
import type { Travel } from './travel.ts'
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts'

interface Payer {
  readonly memberId: string
  readonly cardId: string
}

export interface World {
  readonly clock: VirtualClock
  readonly dice: Dice
  readonly tally: Tally
  readonly network: NetworkWorld
  readonly gateway: GatewayWorld
  readonly merchants: Readonly<Record<ShopName, Merchant>>
  readonly shops: Readonly<Record<ShopName, ShopWorld>>
  /** The members who have joined, by shop, customer and card. */
  readonly payers: Map<string, Payer>
  /** From now on the plan is the payment's: its dice decide what goes wrong. */
  plan(transactionId: string, plan: Plan): void
  trace(transactionId: string, line: string): void
  /** Something that must not be, seen while the world runs. */
  report(transactionId: string, sentence: string): void
  readonly reported: readonly string[]
  readonly bug: PlantedBug
  /** From now on nothing goes wrong. */
  calm(): void
  readonly isCalm: boolean
  /** SHA-256 over what happened to each payment, in the order of the payments. */
  traceHash(): string
  /** What happened to one payment, a line each. */
  traceOf(transactionId: string): readonly string[]
  close(): Promise<void>
}

const startOfTime = new Date('2025-01-02T09:00:00+09:00')
const usualFaultRate = 0.1
/** From the date of an intent to the last moment of its call: retries of the storage, time-out of the network, ticks of the clock. */
const longestApprovalMs = 15_000
const webhookKey = `whsec_${Buffer.from('an unguessable key of 32 bytes..').toString('base64')}`

const merchantIds: Readonly<Record<ShopName, string>> = {
  replay: 'ssptest01m',
  reject: 'ssptest02m',
  unnoticed: 'ssptest03m',
}

const merchantNamed = (name: ShopName, dice: Dice): Merchant => ({
  ...testMerchant,
  merchantId: merchantIds[name],
  name: awkwardNames[dice.below(awkwardNames.length)] ?? '',
  repeatedApproval: name === 'reject' ? 'reject' : 'replay',
})

/** Gateway, card network and two shops in one process on one virtual clock, and links between them on which anything goes wrong. */
export async function openWorld(seed: string, disks: Disks, bug: PlantedBug, intensity: Intensity): Promise<World> {
  const clock = createVirtualClock(startOfTime)
  const dice = rollDice(seed, 'world')
  const tally = createTally()
  const plans = new Map<string, Plan>()
  const traces = new Map<string, string[]>()
  const reported: string[] = []
  let isCalm = false

  const trace = (transactionId: string, line: string): void => {
    const at = clock.now().getTime() - startOfTime.getTime()
    const known = traces.get(transactionId)
    if (known === undefined) traces.set(transactionId, [`${at} ${line}`])
    else known.push(`${at} ${line}`)
  }
  const travel: Travel = async (link, about, timeoutMs, deliver) => {
    const plan = plans.get(about)
    const rolled = plan?.dice ?? dice
    const isFaulty = !isCalm && rolled.chance(plan?.faultRate ?? usualFaultRate)
    const fault = isFaulty ? rolled.pick(faultWeightsOf(link)) : undefined
    if (fault !== undefined) tally.add(`fault ${link} ${fault}`)
    tally.add(`crossing ${link}`)
    const crossing = await cross(clock, { dice: rolled, fault, timeoutMs, deliver })
    trace(about, `${link} ${fault ?? ''} ${crossing.result}`)
    return crossing
  }

  const names = rollDice(seed, 'names')
  const merchants = {
    replay: merchantNamed('replay', names),
    reject: merchantNamed('reject', names),
    unnoticed: merchantNamed('unnoticed', names),
  }
  const shops: Partial<Record<ShopName, ShopWorld>> = {}
  const outside: Runtime = {
    now: clock.now,
    schedule: clock.schedule,
    randomBytes: rollDice(seed, 'network').bytes,
    fetch: () => Promise.reject(new Error('the card network asks nobody')),
  }
  const network = await openNetworkWorld(
    await disks.openNetwork(),
    outside,
    defaultSettings.cardNetworkTimeoutMs + 2_000,
  )
  const gateway = await openGatewayWorld({
    openStorage: disks.openGateway,
    clock,
    dice: rollDice(seed, 'gateway'),
    commitDice: rollDice(seed, 'commits'),
    oneSlowCommitIn: oneSlowCommitIn[intensity],
    tally,
    stepsPerLife: stepsPerLife[intensity],
    bug,
    seed: (context) => seedGateway(context, merchants),
    fetch: fetchOverLinks(travel, network, shops as Record<ShopName, ShopWorld>, bug),
  })
  // After a leap of the clock everything may look older than it is.
  disks.watchAuthorizing?.((id) => clock.sinceLeapMs() > longestApprovalMs && gateway.isAuthorizing(id))
  for (const name of shopNames) {
    shops[name] = openShopWorld({
      connection: disks.openShop(name),
      merchant: merchants[name],
      now: clock.now,
      webhookKeys: [webhookKey],
      travel,
      deliverToGateway: gateway.deliver,
      trace,
      bug,
    })
  }
  return {
    clock,
    dice,
    tally,
    network,
    gateway,
    merchants,
    payers: new Map(),
    shops: shops as Record<ShopName, ShopWorld>,
    plan: (transactionId, plan) => void plans.set(transactionId, plan),
    trace,
    report: (transactionId, sentence) => void reported.push(`${transactionId}: ${sentence}`),
    reported,
    bug,
    calm() {
      isCalm = true
      gateway.calm()
    },
    get isCalm() {
      return isCalm
    },
    traceHash: () => hashTraces([...plans.keys()].map((transactionId) => traces.get(transactionId) ?? [])),
    traceOf: (transactionId) => traces.get(transactionId) ?? [],
    async close() {
      await gateway.close()
      await network.close()
      for (const shop of Object.values(shops)) shop.close()
    },
  }
}

async function seedGateway(context: Context, merchants: Readonly<Record<ShopName, Merchant>>): Promise<void> {
  for (const name of shopNames) {
    const { merchantId } = merchants[name]
    await requireRejected(context, merchants[name])
    await saveMerchant(context, merchants[name])
    if (name === 'unnoticed') continue
    await saveNotificationTarget(context, {
      merchantId,
      url: `${shopOrigin(name)}/notice`,
      charset: name === 'replay' ? 'utf-8' : 'euc-kr',
      intervalMinutes: 1,
      maxAttempts: 10,
      webhookKeys: [new Secret(webhookKey)],
    })
  }
}

/** A name that no answer could carry must not be saved: payments would be charged that nobody can be told of. */
async function requireRejected(context: Context, merchant: Merchant): Promise<void> {
  for (const name of ['tab\tname', 'line\nbreak', 'x'.repeat(61), 'half \ud83d', '\u202ereversed']) {
    const outcome = await saveMerchant(context, { ...merchant, name }).then(
      () => 'saved',
      (cause: unknown) => cause,
    )
    if (!(outcome instanceof MerchantError))
      throw new Error(`a merchant with the name ${JSON.stringify(name)} was saved`)
  }
}

const shopOrigin = (name: ShopName): string => `https://${name}.shop.test`

/** Where the gateway's requests go: the card network, and the shops' notice addresses. */
function fetchOverLinks(
  travel: Travel,
  network: NetworkWorld,
  shops: Readonly<Record<ShopName, ShopWorld>>,
  bug: PlantedBug,
): Runtime['fetch'] {
  return async (url, { headers = {}, body = '', timeoutMs }) => {
    const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body)
    const about = /\b(ssptest0[123]m[0-9]{20})\b/.exec(bytes.toString('latin1'))?.[1] ?? ''
    const name = shopNames.find((shopName) => url.startsWith(shopOrigin(shopName)))
    const verb = url.slice(networkUrl.length + 1)
    const crossing = await travel(name === undefined ? verb : 'notification', about, timeoutMs, () =>
      name === undefined ? network.deliver(verb, bytes) : shops[name].deliverNotification(headers, bytes),
    )
    if (crossing.result !== 'answered') throw new Error(crossing.result)
    if (name !== undefined) return bug.readNotificationAnswer(crossing.answer)
    return bug.readNetworkAnswer(crossing.answer, bytes.toString('utf8'))
  }
}

const hashTraces = (traces: readonly (readonly string[])[]): string =>
  createHash('sha256')
    .update(traces.map((lines) => lines.join('\n')).join('\n\n'))
    .digest('hex')
