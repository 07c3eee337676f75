import {
  type Context,
  createGateway,
  createHttpCardNetwork,
  createKeyRing,
  defaultSettings,
  type Gateway,
  type Log,
  migrate,
  type Runtime,
  Secret,
  type Storage,
} from '@sspay/gateway'
import { unreachableVerifier } from '../../support/quick-payment.ts'
import type { Dice } from './dice.ts'
import type { Answer, Crossing } from './link.ts'
import type { PlantedBug } from './planted-bug.ts'
import { createPower, type Power } from './power.ts'
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
  readonly bug: PlantedBug
}

export interface GatewayWorld {
  /** What runs now; work given to it never comes back when the gateway dies meanwhile. */
  readonly context: Context
  readonly isUp: boolean
  /** One request that has arrived at the gateway's listener. */
  deliver(path: string, body: string, contentType: string): Promise<Crossing>
  /** From now on nothing dies. */
  calm(): void
  /** The first sentence of every error line: a gateway under faults logs warnings, never errors. */
  readonly errors: readonly string[]
  close(): Promise<void>
}

export const networkUrl = 'http://network.test'
/** So short that shops which hang do not hold back the notices of all the others for the whole run. */
const notificationTimeoutMs = 3_000
const rootKey = new Secret('5a'.repeat(32))
const downMs = (dice: Dice): number => (dice.chance(0.9) ? dice.between(50, 1_000) : dice.between(1_000, 15_000))

interface Life {
  readonly power: Power
  readonly context: Context
  readonly gateway: Gateway
  readonly answer: (post: Post) => Promise<Answer>
  /** The files as the disk has them, for a clean end. */
  readonly storage: Storage
}

/** The real gateway on real files; it dies at random steps without finishing anything, and starts again on the same files. */
export async function openGatewayWorld(options: GatewayWorldOptions): Promise<GatewayWorld> {
  const { clock, dice, tally, stepsPerLife } = options
  const errors: string[] = []
  let isCalm = false
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
    return start(options, power, errors)
  }
  const restart = async (): Promise<void> => {
    await life.storage.close()
    life = await startLife()
  }
  life = await startLife()
  await options.seed(life.context)

  return {
    get context() {
      return life.context
    },
    get isUp() {
      return life.power.isOn
    },
    deliver: (path, body, contentType) => deliver(life, path, body, contentType),
    calm() {
      isCalm = true
    },
    errors,
    async close() {
      const stopped = life.gateway.close()
      life.power.cut()
      await Promise.race([stopped, new Promise(setImmediate)])
      await life.storage.close()
    },
  }
}

async function start(options: GatewayWorldOptions, power: Power, errors: string[]): Promise<Life> {
  const { clock, dice, tally, bug } = options
  const storage = await options.openStorage()
  await migrate(storage)
  const runtime: Runtime = {
    now: clock.now,
    randomBytes: dice.bytes,
    schedule: (delayMs, work) => clock.schedule(delayMs, () => (power.isOn ? work() : undefined)),
    fetch: (url, request) => power.through(() => options.fetch(url, request)),
  }
  const context: Context = {
    runtime,
    storage: bug.wrapStorage(poweredStorage(storage, power)),
    keyRing: createKeyRing(runtime, rootKey),
    log: keepErrors(errors, tally),
    settings: { ...defaultSettings, notificationTimeoutMs, isSandbox: true },
  }
  const gateway = createGateway({
    context,
    cardNetwork: bug.wrapNetwork(createHttpCardNetwork(context, networkUrl, context.settings.cardNetworkTimeoutMs)),
    identityVerifier: unreachableVerifier,
    dropInScript: '',
    windowScript: '',
    scriptInventory: '',
    consoleLinks: [],
  })
  return { power, context, gateway, answer: answerWithoutSockets(gateway.fetch), storage }
}

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
      errors.push(`${event}: ${cause instanceof Error ? cause.stack : String(cause)}`)
    },
  }
}
