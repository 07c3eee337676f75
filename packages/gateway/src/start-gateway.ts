import { requireAllowedHost } from './browser-safety/allowed-hosts.ts'
import type { Settings } from './context.ts'
import {
  type Environment,
  readCustomerCare,
  readHeaderName,
  readNamedFile,
  readPlace,
  readRequestLog,
  readRootKeys,
  readSwitch,
  readUrl,
  readWholeNumber,
  requireFolder,
  textOf,
} from './environment.ts'
import { guardPublic } from './http/guard-public.ts'
import { type Listener, type ListenOptions, listen } from './listen.ts'
import { readMerchants, saveMerchants } from './merchants-file.ts'
import { type OpenedGateway, openGateway } from './open-gateway.ts'
import { type Addresses, readAddresses } from './read-addresses.ts'
import { readCredentials } from './read-credentials.ts'
import { defaultSettings } from './settings.ts'
import { readAllowedUnsafe, requireSafeSettings, rootKeyOptionsOf } from './unsafe-settings.ts'

/** A gateway that accepts connections. */
export interface StartedGateway {
  readonly gateway: OpenedGateway
  readonly listeners: readonly Listener[]
  /** How long requests are still answered after the signal to stop, in milliseconds. */
  readonly drainMs: number
}

/**
 * Opens the database and the listeners that the environment configures.
 *
 * @throws EnvironmentError for a missing or invalid variable, before anything is opened or written
 */
export async function startGateway(environment: Environment): Promise<StartedGateway> {
  const drainMs = 1_000 * readWholeNumber(environment, 'SSPAY_DRAIN_SECONDS')
  const addresses = await readAddresses(environment)
  const allowed = readAllowedUnsafe(environment)
  const gateway = await openFromEnvironment(environment, addresses, allowed)
  try {
    const allowsPlainWindow = allowed.has('plain-window')
    return { gateway, listeners: await openListeners(gateway, addresses, allowsPlainWindow), drainMs }
  } catch (cause) {
    await gateway.close()
    throw cause
  }
}

async function openFromEnvironment(
  environment: Environment,
  addresses: Addresses,
  allowed: ReturnType<typeof readAllowedUnsafe>,
): Promise<OpenedGateway> {
  const place = readPlace(environment)
  const merchantsFile = textOf(environment, 'SSPAY_MERCHANTS')
  const merchants =
    merchantsFile === '' ? [] : readMerchants(merchantsFile, await readNamedFile(environment, 'SSPAY_MERCHANTS'))
  const options = {
    cardNetworkUrl: readUrl(environment, 'SSPAY_CARD_NETWORK_URL'),
    cardNetworkCredentials: await readCredentials(environment, 'cardNetwork'),
    identityUrl: readUrl(environment, 'SSPAY_IDENTITY_URL'),
    identityCredentials: await readCredentials(environment, 'identity'),
    settings: readSettings(environment, addresses),
    hasWorkers: readSwitch(environment, 'SSPAY_WORKERS'),
  }
  const { proxyHops } = options.settings.limits
  const unsafe = await requireSafeSettings({ environment, place, addresses, proxyHops, merchants }, allowed)
  await requireFolder(place)
  // After all other checks, since the first start creates the key file.
  const keys = await readRootKeys(environment, place, rootKeyOptionsOf(allowed))
  const gateway = await openGateway({
    ...options,
    place,
    seed: (context) => saveMerchants(context, merchants),
    rootKey: keys.current,
    otherRootKeys: keys.others,
    logDestination: 'stdout',
  })
  const { log } = gateway.context
  for (const { name, setting, what } of unsafe) log.warn('unsafe_setting_allowed', { name, setting, what })
  if (addresses.publicHosts === undefined) log.warn('public_hosts_unknown', { setting: 'SSPAY_PUBLIC_HOSTS' })
  return gateway
}

const readSettings = (environment: Environment, { publicHosts }: Addresses): Settings => ({
  ...defaultSettings,
  limits: {
    ...defaultSettings.limits,
    proxyHops: readWholeNumber(environment, 'SSPAY_PROXY_HOPS'),
    targetLatencyMs: readWholeNumber(environment, 'SSPAY_LATENCY_TARGET_MS'),
  },
  keepUnauthenticatedMs: 24 * 60 * 60_000 * readWholeNumber(environment, 'SSPAY_UNAUTHENTICATED_DAYS'),
  consoleUserHeader: readHeaderName(environment, 'SSPAY_CONSOLE_USER_HEADER'),
  requestLog: readRequestLog(environment),
  service: readCustomerCare(environment),
  publicHosts,
})

async function openListeners(
  gateway: OpenedGateway,
  { host, tls, ports, publicHosts, consoleHost, consoleHosts }: Addresses,
  allowsPlainWindow: boolean,
): Promise<readonly Listener[]> {
  const { wrap, wrapConsole, context } = gateway
  const { proxyHops } = context.settings.limits
  const fetch = guardPublic(gateway.fetch, { ...context, proxyHops, publicHosts, allowsPlainWindow })
  const console = requireAllowedHost(gateway.console, consoleHosts)
  const opened: Listener[] = []
  const open = async (options: ListenOptions, variables: string): Promise<void> =>
    void opened.push(await listenAt(options, variables))
  try {
    if (ports.gateway !== undefined)
      await open({ fetch, wrap, host, port: ports.gateway }, 'SSPAY_GATEWAY_PORT, SSPAY_HOST')
    if (tls) await open({ fetch, wrap, host, port: ports.gatewayTls, tls }, 'SSPAY_GATEWAY_TLS_PORT, SSPAY_HOST')
    await open(
      { fetch: console, wrap: wrapConsole, host: consoleHost, port: ports.console },
      'SSPAY_CONSOLE_PORT, SSPAY_CONSOLE_HOST',
    )
    return opened
  } catch (cause) {
    await Promise.all(opened.map((listener) => listener.close()))
    throw cause
  }
}

/** A port that is in use or not permitted is reported with its variables. */
const listenAt = (options: ListenOptions, variables: string): Promise<Listener> =>
  listen(options).catch((cause: NodeJS.ErrnoException) => {
    const [place, why] = [`${options.host}:${options.port}`, cause.code ?? cause.message]
    const text = `${variables}: ${place}에서 받을 수 없습니다(${why}).\n${variables}: cannot listen at ${place} (${why})`
    throw new Error(text, { cause })
  })
