import { requireAllowedHost } from './browser-safety/allowed-hosts.ts'
import { type Environment, readRootKeys, requireFolder } from './environment.ts'
import { guardPublic } from './http/guard-public.ts'
import { type Listener, type ListenOptions, listen } from './listen.ts'
import { saveMerchants } from './merchants-file.ts'
import { type OpenedGateway, openGateway } from './open-gateway.ts'
import type { Addresses } from './read-addresses.ts'
import { readReloadable, readSettings } from './read-settings.ts'
import { createReload } from './reload.ts'
import { rootKeyOptionsOf } from './unsafe-settings.ts'
import { readVersion } from './version.ts'

/** A gateway that accepts connections. */
export interface StartedGateway {
  readonly gateway: OpenedGateway
  readonly listeners: readonly Listener[]
  /** How long requests are still answered after the signal to stop, in milliseconds. */
  readonly drainMs: number
  /** Reads merchants, certificates, tokens and log level again. Never rejects: what is wrong is logged. */
  reload(): Promise<void>
}

/**
 * Opens the database and the listeners that the environment configures.
 *
 * @throws EnvironmentError for a missing or invalid variable or file, before anything is opened or written
 */
export async function startGateway(environment: Environment): Promise<StartedGateway> {
  const { unknown, loaded, ...checked } = await readSettings(environment)
  const { place, allowed, settings } = checked
  const { addresses } = loaded
  await requireFolder(place)
  // After all other checks, since the first start creates the key file.
  const keys = await readRootKeys(environment, place, rootKeyOptionsOf(allowed))
  const gateway = await openGateway({
    ...checked.services,
    ...loaded,
    settings,
    place,
    seed: (context) => saveMerchants(context, loaded.merchants),
    rootKey: keys.current,
    otherRootKeys: keys.others,
    logDestination: 'stdout',
  })
  const { log } = gateway.context
  log.info('started', { ...readVersion() })
  for (const { name, setting, what } of loaded.unsafe) log.warn('unsafe_setting_allowed', { name, setting, what })
  if (unknown.length > 0) log.warn('settings_unknown', { settings: unknown.join(' ') })
  if (addresses.publicHosts === undefined) log.warn('public_hosts_unknown', { setting: 'SSPAY_PUBLIC_HOSTS' })
  try {
    const listeners = await openListeners(gateway, addresses, allowed.has('plain-window'))
    const reload = createReload({ gateway, listeners, loaded, read: () => readReloadable(environment, checked) })
    return { gateway, listeners, drainMs: checked.drainMs, reload }
  } catch (cause) {
    await gateway.close()
    throw cause
  }
}

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
