import type { Context } from './context.ts'
import {
  type Addresses,
  type Environment,
  readAddresses,
  readNamedFile,
  readPlace,
  readRequestLog,
  readRootKey,
  readSwitch,
  readUrl,
  readWholeNumber,
  requireFolder,
} from './environment.ts'
import { underOwnHost } from './http/own-host.ts'
import { type Listener, type ListenOptions, listen } from './listen.ts'
import { saveMerchant } from './merchants/store.ts'
import { type MerchantEntry, readMerchants } from './merchants-file.ts'
import { removeNotificationTarget, saveNotificationTarget } from './notifications/store.ts'
import { defaultSettings, type OpenedGateway, openGateway } from './open-gateway.ts'
import { readCredentials } from './read-credentials.ts'

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
  const gateway = await openFromEnvironment(environment)
  try {
    return { gateway, listeners: await openListeners(gateway, addresses), drainMs }
  } catch (cause) {
    await gateway.close()
    throw cause
  }
}

async function openFromEnvironment(environment: Environment): Promise<OpenedGateway> {
  const place = readPlace(environment)
  const merchantsFile = environment.SSPAY_MERCHANTS?.trim() ?? ''
  const merchants =
    merchantsFile === '' ? [] : readMerchants(merchantsFile, await readNamedFile(environment, 'SSPAY_MERCHANTS'))
  const options = {
    cardNetworkUrl: readUrl(environment, 'SSPAY_CARD_NETWORK_URL'),
    cardNetworkCredentials: await readCredentials(environment, 'cardNetwork'),
    identityUrl: readUrl(environment, 'SSPAY_IDENTITY_URL'),
    identityCredentials: await readCredentials(environment, 'identity'),
    settings: {
      ...defaultSettings,
      limits: {
        ...defaultSettings.limits,
        proxyHops: readWholeNumber(environment, 'SSPAY_PROXY_HOPS'),
        latencyTargetMs: readWholeNumber(environment, 'SSPAY_LATENCY_TARGET_MS'),
      },
      requestLog: readRequestLog(environment),
    },
    hasWorkers: readSwitch(environment, 'SSPAY_WORKERS'),
  }
  await requireFolder(place)
  return openGateway({
    ...options,
    place,
    async seed(context) {
      for (const entry of merchants) await saveEntry(context, entry)
    },
    // The first start makes one: only when nothing else is wrong.
    rootKey: await readRootKey(environment, place),
    logDestination: 'stdout',
  })
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
  { host, tls, ports, consoleHosts }: Addresses,
): Promise<readonly Listener[]> {
  const { fetch, around, aroundConsole } = gateway
  const wanted = [
    { fetch, around, port: ports.gateway, variable: 'SSPAY_GATEWAY_PORT' },
    ...(tls ? [{ fetch, around, port: ports.gatewayTls, variable: 'SSPAY_GATEWAY_TLS_PORT', tls }] : []),
    {
      ...{ fetch: underOwnHost(gateway.console, consoleHosts), around: aroundConsole },
      ...{ port: ports.console, variable: 'SSPAY_CONSOLE_PORT' },
    },
  ]
  const opened: Listener[] = []
  try {
    for (const { variable, ...one } of wanted) opened.push(await listenAt({ ...one, host }, variable))
    return opened
  } catch (cause) {
    await Promise.all(opened.map((listener) => listener.close()))
    throw cause
  }
}

/** A port that is taken or not allowed is named with its variable. */
const listenAt = (options: ListenOptions, variable: string): Promise<Listener> =>
  listen(options).catch((cause: NodeJS.ErrnoException) => {
    const place = `${options.host}:${options.port}`
    const why = cause.code ?? cause.message
    throw new Error(
      `${variable}, SSPAY_HOST: ${place}에서 받을 수 없습니다(${why}).\n${variable}, SSPAY_HOST: cannot listen at ${place} (${why})`,
      { cause },
    )
  })
