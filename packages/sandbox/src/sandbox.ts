import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Caller,
  type ConsoleLink,
  type Context,
  defaultSettings,
  findPayment,
  type Listener,
  type ListenOptions,
  type Log,
  type OpenedGateway,
  openGateway,
  openRootKey,
  openSqlite,
  type Runtime,
  realRuntime,
  type Secret,
  type Settings,
  type Storage,
  underOwnHost,
  usualRequestLog,
} from '@sspay/gateway'
import { addresses, openAddress, originOf, type PortName, portNames } from './addresses.ts'
import { openLedger } from './card-network/store.ts'
import { createClock } from './clock/shifted-runtime.ts'
import { diagnose } from './diagnosis/diagnose.ts'
import { faultsAround } from './faults/around.ts'
import { createIdentify } from './faults/identify.ts'
import { createFaultRules, type FaultRules } from './faults/rules.ts'
import { openTlsFiles, type TlsFiles } from './local-ca.ts'
import { createInbox } from './phone/inbox.ts'
import { createShop, type Shop } from './shop/shop.ts'
import {
  seedNotificationTarget,
  seedTestMerchant,
  testMerchant,
  testOrderSignature,
  testWebhookKey,
} from './test-merchant.ts'
import { sandboxTools, toolLinks } from './tools.ts'

/** What {@link startSandbox} needs. */
export interface SandboxOptions {
  /** Everything the sandbox remembers; made when absent. */
  readonly dataFolder: string
  /** `postgres://…` for everything that the gateway keeps; the card network and the shop stay in the folder. */
  readonly databaseUrl?: Secret | undefined
  readonly host: string
  /** 0 takes any free port. */
  readonly ports: Readonly<Record<PortName, number>>
  /** What differs from the gateway's own settings. */
  readonly settings?: Partial<Settings>
  /** Names that the console answers under, beside IP addresses and localhost. */
  readonly consoleHosts?: readonly string[]
}

/** A sandbox that runs. */
export interface Sandbox {
  /** Origins, without a slash at the end. */
  readonly urls: Readonly<Record<PortName, string>>
  /** PEM file that a client of the TLS address must trust. */
  readonly caFile: string
  /** What goes wrong on demand, see docs/guides/en/faults.md. */
  readonly faults: FaultRules
  /** Answers what runs, then stops. The data stays. */
  close(): Promise<void>
}

type Answer = (request: Request, caller?: Caller) => Promise<Response>

/**
 * The whole of SS-Pay in one process: gateway, simulated card network and phone, console and demo shop, each at its own address and
 * talking to the others over HTTP as in life. Rejects with a {@link PortInUseError} when an address is taken.
 */
export async function startSandbox({
  dataFolder,
  databaseUrl,
  host,
  ports,
  settings,
  consoleHosts = [],
}: SandboxOptions): Promise<Sandbox> {
  const stopping = new AbortController()
  const listeners: Listener[] = []
  const parts: { close(): Promise<void> }[] = []
  let context: Context | undefined
  const close = async (): Promise<void> => {
    stopping.abort()
    for (const listener of listeners.splice(0)) await listener.close()
    for (const part of parts.splice(0)) await part.close()
  }
  try {
    await mkdir(dataFolder, { recursive: true, mode: 0o700 })
    const tls = await openTlsFiles(realRuntime, join(dataFolder, 'tls'))
    const answers = new Map<PortName, Answer>()
    const clock = createClock(realRuntime)
    const { runtime } = clock
    const faults = createFaultRules(realRuntime)
    const identify = createIdentify({
      merchantKey: testMerchant.merchantKey.expose(),
      findOrderId: async (transactionId) => context && (await findPayment(context, transactionId))?.orderId,
    })
    const around: Doors['around'] = (door, fetch) =>
      faultsAround({ door, fetch, rules: faults, identify, runtime: realRuntime, stopping: stopping.signal })
    const urls = await openAddresses({ host, ports, tls, answers, listeners, around })
    const links = [...toolLinks, { href: urls.shop, ko: addresses.shop.ko, en: addresses.shop.en }]

    const gateway = await openSandboxGateway({
      dataFolder,
      databaseUrl,
      urls,
      runtime,
      consoleLinks: links,
      settings: { ...sandboxSettings, ...settings },
    })
    parts.push(gateway)
    context = gateway.context
    const shop = await openShop({ dataFolder, urls, runtime, log: gateway.context.log })
    parts.push(shop)
    const network = await openNetwork(dataFolder)
    parts.push(network)
    const tools = sandboxTools({
      runtime,
      clock,
      faults,
      links,
      merchants: gateway,
      gatewayUrl: urls.gateway,
      storage: network,
      inbox: createInbox(runtime),
      lateAnswerMs: gateway.context.settings.cardNetworkTimeoutMs + 2_000,
      stopping: stopping.signal,
    })
    const console = async (request: Request) => (isTool(request) ? tools(request) : gateway.console(request))
    answers.set('console', underOwnHost(console, consoleHosts, 'any'))
    for (const name of ['gateway', 'gatewayTls'] as const) answers.set(name, gateway.fetch)
    answers.set('shop', shop.fetch)
    return { urls, caFile: tls.caFile, faults, close }
  } catch (cause) {
    await close()
    throw cause
  }
}

const isTool = (request: Request): boolean => new URL(request.url).pathname.startsWith('/sandbox/')

interface Doors {
  readonly host: string
  readonly ports: SandboxOptions['ports']
  readonly tls: TlsFiles
  /** Who answers at which address, once they are there. */
  readonly answers: ReadonlyMap<PortName, Answer>
  readonly listeners: Listener[]
  readonly around: (name: PortName, fetch: Answer) => ListenOptions['around']
}

/** The addresses come first: each part of the sandbox must know where the others are. */
async function openAddresses({ host, ports, tls, answers, listeners, around }: Doors): Promise<Sandbox['urls']> {
  const urls: Partial<Record<PortName, string>> = {}
  const notYet = new Response(null, { status: 503, headers: { 'retry-after': '1' } })
  for (const name of portNames) {
    const fetch: Answer = async (request, caller) => answers.get(name)?.(request, caller) ?? notYet.clone()
    const listener = await openAddress(name, {
      fetch,
      host,
      port: ports[name],
      tls: name === 'gatewayTls' ? tls : undefined,
      around: around(name, fetch),
    })
    listeners.push(listener)
    urls[name] = originOf(listener.url)
  }
  return urls as Sandbox['urls']
}

/** A bucket that is full again at once. */
const unlimited = { burst: 1, refillEveryMs: 0 } as const

/**
 * Codes cost nothing here, and a developer's phone and address are always the same. What counts time would also refuse whoever has put
 * the clock back.
 */
const sandboxSettings: Settings = {
  ...defaultSettings,
  limits: {
    ...defaultSettings.limits,
    codesPerPhone: unlimited,
    codesPerAddress: unlimited,
    codesPerMerchant: unlimited,
    codesInAll: unlimited,
    guesses: {
      ...defaultSettings.limits.guesses,
      freePerAddress: Number.MAX_SAFE_INTEGER,
      freeUnderAttack: Number.MAX_SAFE_INTEGER,
    },
    // So that one member may try all test cards.
    cardFailuresPerMember: unlimited,
    cardFailuresPerCard: unlimited,
    cardFailuresPerAddress: unlimited,
    windowsPerAddress: unlimited,
    windowsPerMerchant: unlimited,
    windowsPerForm: unlimited,
    windowsPerSignature: unlimited,
    requestsPerWindow: unlimited,
    windowRequestsPerAddress: unlimited,
  },
  requestLog: usualRequestLog,
}

async function openNetwork(dataFolder: string): Promise<Storage> {
  const storage = await openSqlite(join(dataFolder, 'card-network.db'))
  await openLedger(storage)
  return storage
}

interface SandboxPart {
  readonly dataFolder: string
  readonly urls: Sandbox['urls']
  readonly runtime: Runtime
}

const databaseConnections = 10

async function openSandboxGateway({
  dataFolder,
  databaseUrl,
  urls,
  runtime,
  consoleLinks,
  settings,
}: SandboxPart & {
  readonly databaseUrl: Secret | undefined
  readonly consoleLinks: readonly ConsoleLink[]
  readonly settings: Settings
}): Promise<OpenedGateway> {
  return openGateway({
    runtime,
    place: databaseUrl === undefined ? { dataFolder } : { databaseUrl, connections: databaseConnections },
    rootKey: await openRootKey(realRuntime, join(dataFolder, 'keys', 'root.key')),
    settings: { ...settings, isSandbox: true },
    cardNetworkUrl: `${urls.console}/sandbox/card-network`,
    identityUrl: `${urls.console}/sandbox/identity`,
    logDestination: { file: join(dataFolder, 'log', 'gateway.log') },
    consoleLinks,
    diagnose,
    sandboxBanner: { ...testMerchant, consoleUrl: urls.console },
    async seed(context) {
      await seedTestMerchant(context)
      await seedNotificationTarget(context, urls.shop)
    },
  })
}

function openShop({ dataFolder, urls, runtime, log }: SandboxPart & { readonly log: Log }): Promise<Shop> {
  const { merchantId, easyPayMerchantId, merchantKey, cancelPassword } = testMerchant
  return createShop({
    dataFile: join(dataFolder, 'shop.db'),
    merchant: {
      merchantId,
      easyPayMerchantId,
      merchantKey: merchantKey.expose(),
      environment: { origin: urls.gateway },
      orderSignature: testOrderSignature,
    },
    cancelPassword: cancelPassword.expose(),
    webhookKeys: [testWebhookKey],
    recoverEveryMs: 3_000,
    consoleUrl: urls.console,
    runtime,
    log,
  })
}
