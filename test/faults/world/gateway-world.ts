import {
  type Context,
  createGateway,
  createHttpCardNetwork,
  defaultSettings,
  type Gateway,
  type Log,
  type Runtime,
  Secret,
  type Storage,
} from '@sspay/gateway'
import { createKeyRing, migrate } from '@sspay/gateway/internal'
import type { ApprovalContext } from '../../../packages/gateway/src/approval/record-outcome.ts'
import { resolveUnresolved } from '../../../packages/gateway/src/approval/resolve.ts'
import { startBackgroundJobs } from '../../../packages/gateway/src/background-jobs.ts'
import { unreachableVerifier } from '../../support/quick-payment.ts'
import type { Dice } from './dice.ts'
import type { Answer, Crossing } from './link.ts'
import type { PlantedBug } from './planted-bug.ts'
import { createPower, type Power } from './power.ts'
import { slowCommits } from './slow-commits.ts'
import type { Tally } from './tally.ts'
import type { VirtualClock } from './virtual-clock.ts'
import { answerWithoutSockets, type Post } from './without-sockets.ts'

export interface GatewayWorldOptions {
  /** What the disk holds, opened again by each life. */
  readonly openStorage: () => Promise<Storage>
  readonly clock: VirtualClock
  readonly dice: Dice
  readonly tally: Tally
  /** The way out of the gateway: card network and shops. */
  readonly fetch: Runtime['fetch']
  /** Runs once, on the first start. */
  readonly seed: (context: Context) => Promise<void>
  /** How many steps a start lives, as long as `crashes` allows any. */
  readonly stepsPerLife: { readonly from: number; readonly to: number }
  /** Decides which commits wait for the database, apart from everything else that is decided. */
  readonly commitDice: Dice
  readonly oneSlowCommitIn: number
  readonly bug: PlantedBug
}

export interface GatewayWorld {
  /** What runs now; work given to it never comes back when the gateway dies meanwhile. */
  readonly context: Context
  readonly isUp: boolean
  /** One request that has arrived at the gateway's listener. */
  deliver(path: string, body: string, contentType: string): Promise<Crossing>
  /** Whether the card network is being asked to authorize that payment, by a process that lives. */
  isAuthorizing(transactionId: string): boolean
  /** From now on nothing dies, and no commit waits. */
  calm(): void
  /** The first sentence of every error line: a gateway under faults logs warnings, never errors. */
  readonly errors: readonly string[]
  close(): Promise<void>
}

export const networkUrl = 'http://network.test'
/** So short that shops which hang do not hold back the notices of all the others for the whole run. */
const notificationTimeoutMs = 3_000
const neighbourLooksEveryMs = 3_000
/** What the card network says wrong is its own error. */
const ofTheCardNetwork = /^card_network_answer_/
const rootKey = new Secret('5a'.repeat(32))
const downMs = (dice: Dice): number => (dice.chance(0.9) ? dice.between(50, 1_000) : dice.between(1_000, 15_000))

interface Life {
  readonly power: Power
  readonly context: Context
  readonly gateway: Gateway
  readonly answer: (post: Post) => Promise<Answer>
  /** The payments that the card network is being asked to authorize. */
  readonly authorizing: ReadonlySet<string>
  readonly stopNeighbour: () => Promise<void>
  /** The files as the disk has them, for a clean end. */
  readonly storage: Storage
}

/** The real gateway on real files; it dies at random steps without finishing anything, and starts again on the same files. */
export async function openGatewayWorld(options: GatewayWorldOptions): Promise<GatewayWorld> {
  const { clock, dice, tally, stepsPerLife } = options
  const errors: string[] = []
  let isCalm = false
  let isSeeded = false
  let life: Life

  const startLife = async (): Promise<Life> => {
    const stepsToLive = dice.between(stepsPerLife.from, stepsPerLife.to)
    const power = createPower(
      () => (isCalm ? Number.POSITIVE_INFINITY : stepsToLive),
      () => {
        tally.add('gateway died')
        clock.schedule(downMs(dice), () => clock.standStill(restart))
      },
    )
    return start(options, { power, waiting }, errors)
  }
  const restart = async (): Promise<void> => {
    await life.storage.close()
    life = await startLife()
  }
  const waiting = slowCommits({ ...options, isOver: () => isCalm || !isSeeded })
  life = await startLife()
  await options.seed(life.context)
  isSeeded = true

  return {
    get context() {
      return life.context
    },
    get isUp() {
      return life.power.isOn
    },
    deliver: (path, body, contentType) => deliver(life, path, body, contentType),
    isAuthorizing: (transactionId) => life.power.isOn && life.authorizing.has(transactionId),
    calm() {
      isCalm = true
    },
    errors,
    async close() {
      const stopped = Promise.all([life.gateway.close(), life.stopNeighbour()])
      life.power.cut()
      await Promise.race([stopped, new Promise(setImmediate)])
      await life.storage.close()
    },
  }
}

interface Body {
  readonly power: Power
  readonly waiting: (storage: Storage) => Storage
}

async function start(options: GatewayWorldOptions, { power, waiting }: Body, errors: string[]): Promise<Life> {
  const { clock, dice, tally, bug } = options
  const storage = await options.openStorage()
  await migrate(storage)
  const authorizing = new Set<string>()
  const runtime: Runtime = {
    now: clock.now,
    randomBytes: dice.bytes,
    schedule: (delayMs, work) => clock.schedule(delayMs, () => (power.isOn ? work() : undefined)),
    fetch: (url, request) => power.through(() => options.fetch(url, request)),
  }
  const wrapped = bug.wrapStorage(poweredStorage(storage, power))
  const context: Context = {
    runtime,
    storage: waiting(wrapped),
    keyRing: createKeyRing(runtime, rootKey),
    log: keepErrors(errors, tally),
    settings: { ...defaultSettings, notificationTimeoutMs, isSandbox: true },
  }
  const cardNetwork = bug.wrapNetwork(createHttpCardNetwork(context, networkUrl, context.settings.cardNetworkTimeoutMs))
  const gateway = createGateway({
    context,
    cardNetwork: {
      ...cardNetwork,
      async authorize(request) {
        authorizing.add(request.transactionId)
        try {
          return await cardNetwork.authorize(request)
        } finally {
          authorizing.delete(request.transactionId)
        }
      },
    },
    identityVerifier: unreachableVerifier,
    dropInScript: '',
    windowScript: '',
    scriptInventory: '',
    consoleLinks: [],
  })
  const stopNeighbour = startNeighbour({ ...context, storage: { ...wrapped }, cardNetwork })
  return { power, context, gateway, answer: answerWithoutSockets(gateway.fetch), authorizing, stopNeighbour, storage }
}

/** Another process on the same database, which takes no requests and resolves indeterminate payments as this one does. */
const startNeighbour = (gateway: ApprovalContext): (() => Promise<void>) =>
  startBackgroundJobs(gateway, neighbourLooksEveryMs, [() => resolveUnresolved(gateway)])

const poweredStorage = (storage: Storage, power: Power): Storage => ({
  ...storage,
  read: (sql, params) => power.through(() => storage.read(sql, params)),
  transact: (work) => power.through(() => storage.transact(work)),
})

async function deliver({ power, answer }: Life, path: string, body: string, contentType: string): Promise<Crossing> {
  if (!power.isOn) return { result: 'unreachable' }
  const answered = answer({ path, headers: { 'content-type': contentType }, body: Buffer.from(body) })
  return Promise.race([
    answered.then((given): Crossing => ({ result: 'answered', answer: given })),
    power.off.then((): Crossing => ({ result: 'interrupted' })),
  ])
}

function keepErrors(errors: string[], tally: Tally): Log {
  return {
    info() {},
    warn(event) {
      tally.add(`log ${event}`)
    },
    error(event, { cause } = {}) {
      tally.add(`log ${event}`)
      if (!ofTheCardNetwork.test(event))
        errors.push(`${event}: ${cause instanceof Error ? cause.stack : String(cause)}`)
    },
  }
}
