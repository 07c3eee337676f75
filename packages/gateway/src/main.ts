import { constants } from 'node:os'
import type { Context } from './context.ts'
import {
  type Addresses,
  type Environment,
  EnvironmentError,
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
import { gatewayHelp } from './help.ts'
import { underOwnHost } from './http/own-host.ts'
import { type Listener, type ListenOptions, listen } from './listen.ts'
import type { Log } from './log.ts'
import { saveMerchant } from './merchants/store.ts'
import { type MerchantEntry, readMerchants } from './merchants-file.ts'
import { removeNotificationTarget, saveNotificationTarget } from './notifications/store.ts'
import { defaultSettings, type OpenedGateway, openGateway } from './open-gateway.ts'
import { realRuntime } from './runtime.ts'

const signals = ['SIGTERM', 'SIGINT'] as const

async function openFromEnvironment(environment: Environment): Promise<OpenedGateway> {
  const place = readPlace(environment)
  const merchantsFile = environment.SSPAY_MERCHANTS?.trim() ?? ''
  const merchants =
    merchantsFile === '' ? [] : readMerchants(merchantsFile, await readNamedFile(environment, 'SSPAY_MERCHANTS'))
  const options = {
    cardNetworkUrl: readUrl(environment, 'SSPAY_CARD_NETWORK_URL'),
    identityUrl: readUrl(environment, 'SSPAY_IDENTITY_URL'),
    settings: {
      ...defaultSettings,
      limits: {
        ...defaultSettings.limits,
        proxyHops: readWholeNumber(environment, 'SSPAY_PROXY_HOPS'),
        calmMs: readWholeNumber(environment, 'SSPAY_CALM_MS'),
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
  const { fetch, around } = gateway
  const wanted = [
    { fetch, around, port: ports.gateway, variable: 'SSPAY_GATEWAY_PORT' },
    ...(tls ? [{ fetch, around, port: ports.gatewayTls, variable: 'SSPAY_GATEWAY_TLS_PORT', tls }] : []),
    { fetch: underOwnHost(gateway.console, consoleHosts), port: ports.console, variable: 'SSPAY_CONSOLE_PORT' },
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

async function start(environment: Environment): Promise<void> {
  const drainMs = 1_000 * readWholeNumber(environment, 'SSPAY_DRAIN_SECONDS')
  const addresses = await readAddresses(environment)
  const gateway = await openFromEnvironment(environment)
  const { log } = gateway.context
  let listeners: readonly Listener[]
  try {
    listeners = await openListeners(gateway, addresses)
  } catch (cause) {
    await gateway.close()
    throw cause
  }

  const stop = async (signal: string): Promise<void> => {
    log.info('stopping', { signal })
    // Whoever is told twice is not asked to wait.
    for (const again of signals) process.once(again, () => endAtOnce(log, again))
    gateway.drain()
    await new Promise<void>((resolve) => void realRuntime.schedule(drainMs, resolve))
    await Promise.all(listeners.map((listener) => listener.close()))
    await gateway.close()
    log.info('stopped')
  }
  for (const signal of signals) process.once(signal, () => void stop(signal))
  // Last: whoever reads an address may stop this process at once.
  for (const { url } of listeners) log.info('listening', { url })
}

/** Ends as a process does that the signal has killed: 128 and its number. */
function endAtOnce(log: Log, signal: (typeof signals)[number]): never {
  log.warn('stopped_at_once', { signal })
  process.exit(128 + constants.signals[signal])
}

if (process.argv[2] === 'archive') {
  const { runArchive } = await import('./archive-command.ts')
  process.exitCode = await runArchive(process.argv.slice(3), {
    runtime: realRuntime,
    place: () => readPlace(process.env),
    write: (text) => void process.stdout.write(text),
    tell: (text) => void process.stderr.write(text),
  })
} else if (process.argv.includes('--help') || process.argv.includes('-h')) {
  process.stdout.write(gatewayHelp)
} else {
  try {
    await start(process.env)
  } catch (cause) {
    process.stderr.write(`sspay-gateway: ${cause instanceof Error ? cause.message : 'could not start'}\n`)
    process.exitCode = cause instanceof EnvironmentError ? 2 : 1
  }
}
