import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Caller,
  type Context,
  defaultSettings,
  type Listener,
  type ListenOptions,
  type Log,
  type OpenedGateway,
  openGateway,
  openRootKey,
  type Runtime,
  type Secret,
  type Settings,
} from '@sspay/gateway'
import { findPayment, openSqlite, readMerchants, saveMerchants, usualRequestLog } from '@sspay/gateway/internal'
import { realRuntime, requireAllowedHost } from '@sspay/gateway/tools'
import {
  originUnder as followHost,
  openAddress,
  originOf,
  PortInUseError,
  type PortName,
  portNames,
} from './addresses.ts'
import { createIssuerApps } from './card-network/issuer-apps.ts'
import { testCards } from './card-network/scenarios.ts'
import { openLedger } from './card-network/store.ts'
import { createClock } from './clock/shifted-runtime.ts'
import { untranslated } from './command-line/language.ts'
import { diagnose } from './diagnosis/diagnose.ts'
import { faultsAround } from './faults/around.ts'
import { createIdentify } from './faults/identify.ts'
import { createFaultRules, type FaultRules } from './faults/rules.ts'
import { openTlsFiles, type TlsFiles } from './local-ca.ts'
import { seedNotificationTarget, seedTestMerchant } from './merchants/merchants.ts'
import { createInbox } from './phone/inbox.ts'
import { createShop, type Shop, type ShopOptions } from './shop/shop.ts'
import { explainSystemError, SandboxStartError, startErrorOf } from './system-error.ts'
import { commandLineShop, demoShopTarget, testMerchant, testMerchantConfig, testWebhookKey } from './test-merchant.ts'
import { toolLinks, toolRoutes } from './tools.ts'

/** Options of {@link startSandbox}. */
export interface SandboxOptions {
  /** Holds all data; created when missing. */
  readonly dataFolder: string
  /** `postgres://…` for the gateway's data; card network and shop stay in the folder. */
  readonly databaseUrl?: Secret | undefined
  /** JSON file of merchants that every start adds or overwrites, as `SSPAY_MERCHANTS` of the gateway. */
  readonly merchantsFile?: string | undefined
  readonly host: string
  /** 0 selects a free port. */
  readonly ports: Readonly<Record<PortName, number>>
  /** Override the sandbox's settings of the gateway. */
  readonly settings?: Partial<Settings>
  /** Host names of the console, besides IP addresses and localhost. */
  readonly consoleHosts?: readonly string[]
}

/** A running sandbox. */
export interface Sandbox {
  /** Origins, without a trailing slash. */
  readonly urls: Readonly<Record<PortName, string>>
  /** PEM file of the CA that signs the certificate of the TLS listener. */
  readonly caFile: string
  /** Fault injection, see docs/guides/en/faults.md. */
  readonly faults: FaultRules
  /** Graceful shutdown; the data stays. */
  close(): Promise<void>
}

type Answer = (request: Request, caller?: Caller) => Promise<Response>

/**
 * Starts SS-Pay in one process: gateway, simulated card network and phone, console and demo shop. They listen at their
 * own addresses and call each other over HTTP. Rejects with a {@link PortInUseError} when ports are in use, and with a
 * {@link SandboxStartError} for a folder, disk or address that cannot be used.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { dataFolder, host, ports, consoleHosts = [] } = options
  const stopping = new AbortController()
  const listeners: Listener[] = []
  const parts: { close(): Promise<void> }[] = []
  let context: Context | undefined
  let shop: Shop | undefined
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
    const around: ListenersOptions['around'] = (listener, fetch) =>
      faultsAround({ listener, fetch, rules: faults, identify, runtime: realRuntime, stopping: stopping.signal })
    const urls = await openListeners({ host, ports, tls, answers, listeners, around })
    const originUnder: ShopOptions['originUnder'] = (hostname, origin) => followHost(hostname, origin, consoleHosts)

    const gateway = await openSandboxGateway(options, {
      urls,
      runtime,
      originUnder,
      isOfDemoShop: (transactionId) => isOfDemoShop(transactionId, context, shop),
    })
    parts.push(gateway)
    context = gateway.context
    const { log, settings } = gateway.context
    shop = await openShop(join(dataFolder, 'shop.db'), { urls, runtime, log, originUnder })
    parts.push(shop)
    const network = await openSqlite(join(dataFolder, 'card-network.db'))
    parts.push(network)
    await openLedger(network)
    const tools = toolRoutes({
      runtime,
      clock,
      faults,
      links: toolLinks,
      shopUrlAt: (hostname) => originUnder(hostname, urls.shop),
      merchants: gateway,
      gatewayUrl: urls.gateway,
      storage: network,
      apps: createIssuerApps(runtime),
      inbox: createInbox(runtime),
      lateAnswerMs: settings.cardNetworkTimeoutMs + 2_000,
      stopping: stopping.signal,
    })
    const console = async (request: Request) => (isTool(request) ? tools.fetch(request) : gateway.console(request))
    answers.set('console', requireAllowedHost(console, consoleHosts, 'any'))
    for (const name of ['gateway', 'gatewayTls'] as const) answers.set(name, gateway.fetch)
    answers.set('shop', shop.fetch)
    return { urls, caFile: tls.caFile, faults, close }
  } catch (cause) {
    await close()
    throw startErrorOf(cause)
  }
}

/** Orders of the demo shop itself and of `sspay pay`. */
async function isOfDemoShop(transactionId: string, context: Context | undefined, shop: Shop | undefined) {
  const payment = context && (await findPayment(context, transactionId))
  if (payment === undefined || shop?.isOwnOrder(payment.orderId) === true) return true
  return payment.request.returnUrl?.startsWith(`${commandLineShop}/`) === true
}

const isTool = (request: Request): boolean => new URL(request.url).pathname.startsWith('/sandbox/')

interface ListenersOptions {
  readonly host: string
  readonly ports: SandboxOptions['ports']
  readonly tls: TlsFiles
  /** The request handlers, set once the parts have started. */
  readonly answers: ReadonlyMap<PortName, Answer>
  readonly listeners: Listener[]
  readonly around: (name: PortName, fetch: Answer) => ListenOptions['wrap']
}

/** Opened before the parts start, because each part must know the addresses of the others. */
async function openListeners(options: ListenersOptions): Promise<Sandbox['urls']> {
  const { host, ports, tls, answers, listeners, around } = options
  const urls: Partial<Record<PortName, string>> = {}
  const busy: (readonly [PortName, number])[] = []
  const notReady = new Response(null, { status: 503, headers: { 'retry-after': '1' } })
  for (const name of portNames) {
    const fetch: Answer = async (request, caller) => answers.get(name)?.(request, caller) ?? notReady.clone()
    const listener = await openAddress({
      fetch,
      host,
      port: ports[name],
      tls: name === 'gatewayTls' ? tls : undefined,
      wrap: around(name, fetch),
    })
    if (listener === undefined) {
      busy.push([name, ports[name]])
      continue
    }
    listeners.push(listener)
    urls[name] = originOf(listener.url)
  }
  if (busy.length > 0) throw new PortInUseError(busy)
  return urls as Sandbox['urls']
}

/** A token bucket that refills at once. */
const unlimited = { burst: 1, refillEveryMs: 0 } as const

/**
 * No rate limits: codes cost nothing here, a developer always uses the same phone and address, and after the clock was
 * set back a limit would reject every request.
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
    // One member may try all test cards.
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

interface Surroundings {
  readonly urls: Sandbox['urls']
  readonly runtime: Runtime
  readonly originUnder: ShopOptions['originUnder']
}

interface GatewaySurroundings extends Surroundings {
  readonly isOfDemoShop: (transactionId: string) => Promise<boolean>
}

async function readMerchantsFile(file: string): Promise<ReturnType<typeof readMerchants>> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    const { ko, en } = explainSystemError(cause) ?? untranslated(String(cause))
    throw new SandboxStartError({ ko: `SSPAY_MERCHANTS: ${ko}`, en: `SSPAY_MERCHANTS: ${en}` })
  })
  return readMerchants(file, text)
}

const openSandboxGateway = async (
  { dataFolder, databaseUrl, merchantsFile, settings }: SandboxOptions,
  { urls, runtime, originUnder, isOfDemoShop }: GatewaySurroundings,
): Promise<OpenedGateway> =>
  openGateway({
    runtime,
    place: databaseUrl === undefined ? { dataFolder } : { databaseUrl, connections: 10 },
    rootKey: await openRootKey(realRuntime, join(dataFolder, 'keys', 'root.key')),
    settings: { ...sandboxSettings, ...settings, isSandbox: true, offersIssuerApps: true },
    cardNetworkUrl: `${urls.console}/sandbox/card-network`,
    identityUrl: `${urls.console}/sandbox/identity`,
    logDestination: { file: join(dataFolder, 'log', 'gateway.log') },
    consoleLinks: toolLinks,
    diagnose,
    concernsTarget: async ({ transactionId }, { url }) =>
      url !== demoShopTarget(urls.shop) || isOfDemoShop(transactionId),
    sandboxBanner: {
      ...testMerchant,
      testCardNumber: testCards[0].cardNumber,
      consoleUrlAt: (hostname) => originUnder(hostname, urls.console),
    },
    async seed(context) {
      await seedTestMerchant(context)
      await seedNotificationTarget(context, urls.shop)
      if (merchantsFile !== undefined) await saveMerchants(context, await readMerchantsFile(merchantsFile))
    },
  })

const openShop = (dataFile: string, { urls, ...rest }: Surroundings & { readonly log: Log }): Promise<Shop> =>
  createShop({
    ...rest,
    dataFile,
    merchant: testMerchantConfig(urls.gateway),
    cancelPassword: testMerchant.cancelPassword.expose(),
    webhookKeys: [testWebhookKey],
    recoverEveryMs: 3_000,
    consoleUrl: urls.console,
  })
