import type { Context } from './context.ts'
import {
  type Environment,
  readHeaderName,
  readNamedFile,
  readPlace,
  readRequestLog,
  readRootKeys,
  readSwitch,
  readUrl,
  readWholeNumber,
  requireFolder,
} from './environment.ts'
import { guardPublic } from './http/guard-public.ts'
import { underOwnHost } from './http/own-host.ts'
import { type Listener, type ListenOptions, listen } from './listen.ts'
import { saveMerchant } from './merchants/store.ts'
import { type MerchantEntry, readMerchants } from './merchants-file.ts'
import { removeNotificationTarget, saveNotificationTarget } from './notifications/store.ts'
import { defaultSettings, type OpenedGateway, openGateway } from './open-gateway.ts'
import { type Addresses, readAddresses } from './read-addresses.ts'
import { readCredentials } from './read-credentials.ts'
import { readAllowedUnsafe, requireSafeSettings, rootKeyOptionsOf } from './unsafe-settings.ts'

/** A gateway that accepts connections. */
export interface StartedGateway {
  readonly gateway: OpenedGateway
  readonly listeners: readonly Listener[]
  /** How long requests are still answered after the signal to stop, in milliseconds. */
  readonly drainMs: number
}

/**
 * Opens the database and the listeners that the environment names.
 *
 * @throws EnvironmentError for a variable that is missing or malformed; nothing was opened or written then
 */
export async function startGateway(environment: Environment): Promise<StartedGateway> {
  const drainMs = 1_000 * readWholeNumber(environment, 'SSPAY_DRAIN_SECONDS')
  const addresses = await readAddresses(environment)
  const allowed = readAllowedUnsafe(environment)
  const gateway = await openFromEnvironment(environment, { addresses, allowed })
  try {
    const allowsPlainWindow = allowed.has('plain-window')
    return { gateway, listeners: await openListeners(gateway, addresses, allowsPlainWindow), drainMs }
  } catch (cause) {
    await gateway.close()
    throw cause
  }
}

const dayMs = 24 * 60 * 60_000

interface Rules {
  readonly addresses: Addresses
  readonly allowed: ReturnType<typeof readAllowedUnsafe>
}

async function openFromEnvironment(environment: Environment, { addresses, allowed }: Rules): Promise<OpenedGateway> {
  const place = readPlace(environment)
  const merchantsFile = environment.SSPAY_MERCHANTS?.trim() ?? ''
  const merchants =
    merchantsFile === '' ? [] : readMerchants(merchantsFile, await readNamedFile(environment, 'SSPAY_MERCHANTS'))
  const proxyHops = readWholeNumber(environment, 'SSPAY_PROXY_HOPS')
  const { publicHosts } = addresses
  const options = {
    cardNetworkUrl: readUrl(environment, 'SSPAY_CARD_NETWORK_URL'),
    cardNetworkCredentials: await readCredentials(environment, 'cardNetwork'),
    identityUrl: readUrl(environment, 'SSPAY_IDENTITY_URL'),
    identityCredentials: await readCredentials(environment, 'identity'),
    settings: {
      ...defaultSettings,
      limits: {
        ...defaultSettings.limits,
        proxyHops,
        latencyTargetMs: readWholeNumber(environment, 'SSPAY_LATENCY_TARGET_MS'),
      },
      keepUnauthenticatedMs: dayMs * readWholeNumber(environment, 'SSPAY_UNAUTHENTICATED_DAYS'),
      consoleUserHeader: readHeaderName(environment, 'SSPAY_CONSOLE_USER_HEADER'),
      requestLog: readRequestLog(environment),
      publicHosts,
    },
    hasWorkers: readSwitch(environment, 'SSPAY_WORKERS'),
  }
  const unsafe = await requireSafeSettings({ environment, place, addresses, proxyHops, merchants }, allowed)
  await requireFolder(place)
  // The first start makes one: only when nothing else is wrong.
  const keys = await readRootKeys(environment, place, rootKeyOptionsOf(allowed))
  const gateway = await openGateway({
    ...options,
    place,
    async seed(context) {
      for (const entry of merchants) await saveEntry(context, entry)
    },
    rootKey: keys.current,
    otherRootKeys: keys.others,
    logDestination: 'stdout',
  })
  const { log } = gateway.context
  for (const { name, setting, what } of unsafe) log.warn('unsafe_setting_allowed', { name, setting, what })
  if (publicHosts === undefined) log.warn('public_hosts_unknown', { setting: 'SSPAY_PUBLIC_HOSTS' })
  return gateway
}

async function saveEntry(
  context: Pick<Context, 'storage' | 'keyRing'>,
  { merchant, notificationTarget }: MerchantEntry,
): Promise<void> {
  await saveMerchant(context, merchant)
  if (notificationTarget === undefined) await removeNotificationTarget(context, merchant.merchantId)
  else await saveNotificationTarget(context, notificationTarget)
}

async function openListeners(
  gateway: OpenedGateway,
  { host, tls, ports, publicHosts, consoleHost, consoleHosts }: Addresses,
  allowsPlainWindow: boolean,
): Promise<readonly Listener[]> {
  const { around, aroundConsole, context } = gateway
  const { proxyHops } = context.settings.limits
  const fetch = guardPublic(gateway.fetch, { ...context, proxyHops, publicHosts, allowsPlainWindow })
  const wanted: readonly WantedListener[] = [
    ...(ports.gateway === undefined ? [] : [{ fetch, around, host, port: ports.gateway, from: plainFrom }]),
    ...(tls ? [{ fetch, around, host, port: ports.gatewayTls, from: tlsFrom, tls }] : []),
    {
      fetch: underOwnHost(gateway.console, consoleHosts),
      around: aroundConsole,
      host: consoleHost,
      port: ports.console,
      from: consoleFrom,
    },
  ]
  const opened: Listener[] = []
  try {
    for (const { from, ...one } of wanted) opened.push(await listenAt(one, from))
    return opened
  } catch (cause) {
    await Promise.all(opened.map((listener) => listener.close()))
    throw cause
  }
}

/** `from`: the variables that say where. */
type WantedListener = ListenOptions & { readonly from: string }

const plainFrom = 'SSPAY_GATEWAY_PORT, SSPAY_HOST'
const tlsFrom = 'SSPAY_GATEWAY_TLS_PORT, SSPAY_HOST'
const consoleFrom = 'SSPAY_CONSOLE_PORT, SSPAY_CONSOLE_HOST'

/** A port that is taken or not allowed is named with its variables. */
const listenAt = (options: ListenOptions, from: string): Promise<Listener> =>
  listen(options).catch((cause: NodeJS.ErrnoException) => {
    const place = `${options.host}:${options.port}`
    const why = cause.code ?? cause.message
    throw new Error(`${from}: ${place}에서 받을 수 없습니다(${why}).\n${from}: cannot listen at ${place} (${why})`, {
      cause,
    })
  })
