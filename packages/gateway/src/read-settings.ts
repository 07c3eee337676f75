import type { Settings } from './context.ts'
import {
  type Environment,
  EnvironmentError,
  readCustomerCare,
  readHeaderName,
  readLogLevel,
  readNamedFile,
  readPlace,
  readRequestLog,
  readSwitch,
  readUrl,
  readWholeNumber,
  textOf,
} from './environment.ts'
import type { PublicHosts } from './http/public-host.ts'
import { type MerchantEntry, MerchantsFileError, readMerchants } from './merchants-file.ts'
import { nearestName } from './nearest-name.ts'
import type { Reloadable } from './open-gateway.ts'
import { type Addresses, readAddresses } from './read-addresses.ts'
import { readCredentials } from './read-credentials.ts'
import { defaultSettings, settingsTable, type UnsafeSettingName } from './settings.ts'
import type { StoragePlace } from './storage/open-storage.ts'
import { type AllowedUse, readAllowedUnsafe, requireSafeSettings } from './unsafe-settings.ts'

interface Fixed {
  readonly place: StoragePlace
  readonly allowed: ReadonlySet<UnsafeSettingName>
}

/** What files say: read at the start, and again for a reload. */
export interface Loaded extends Required<Reloadable> {
  readonly addresses: Addresses
  readonly unsafe: readonly AllowedUse[]
}

/**
 * Everything that the environment and its files say, but the root key.
 *
 * @throws EnvironmentError for the first that is missing or wrong; nothing is opened or written
 */
export async function readSettings(environment: Environment) {
  const unknown = findUnknownSettings(environment)
  const drainMs = 1_000 * readWholeNumber(environment, 'SSPAY_DRAIN_SECONDS')
  const fixed: Fixed = { place: readPlace(environment), allowed: readAllowedUnsafe(environment) }
  const services = {
    cardNetworkUrl: readUrl(environment, 'SSPAY_CARD_NETWORK_URL'),
    identityUrl: readUrl(environment, 'SSPAY_IDENTITY_URL'),
    hasWorkers: readSwitch(environment, 'SSPAY_WORKERS'),
  }
  const loaded = await readReloadable(environment, fixed)
  return {
    ...fixed,
    unknown,
    drainMs,
    services,
    loaded,
    settings: settingsOf(environment, loaded.addresses.publicHosts),
  }
}

/** @throws EnvironmentError for the first file that is missing or wrong */
export async function readReloadable(environment: Environment, { place, allowed }: Fixed): Promise<Loaded> {
  const addresses = await readAddresses(environment)
  const merchants = await readMerchantsSetting(environment)
  const proxyHops = readWholeNumber(environment, 'SSPAY_PROXY_HOPS')
  return {
    addresses,
    merchants,
    cardNetworkCredentials: await readCredentials(environment, 'cardNetwork'),
    identityCredentials: await readCredentials(environment, 'identity'),
    logLevel: await readLogLevel(environment),
    unsafe: await requireSafeSettings({ environment, place, addresses, proxyHops, merchants }, allowed),
  }
}

/** The merchants of SSPAY_MERCHANTS; none without it. */
export async function readMerchantsSetting(environment: Environment): Promise<readonly MerchantEntry[]> {
  const name = 'SSPAY_MERCHANTS'
  const file = textOf(environment, name)
  if (file === '') return []
  const text = await readNamedFile(environment, name)
  try {
    return readMerchants(file, text)
  } catch (cause) {
    if (!(cause instanceof MerchantsFileError)) throw cause
    throw new EnvironmentError(name, '상점 파일이 잘못되었습니다', `names a wrong file: ${cause.message}`)
  }
}

const settingsOf = (environment: Environment, publicHosts: PublicHosts): Settings => ({
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

const prefix = 'SSPAY_'

/**
 * The `SSPAY_` variables that are no settings of the gateway: those of a shop on the same machine, or of Kubernetes,
 * which sets `…_SERVICE_HOST` for a service `sspay-gateway`. They are not rejected.
 *
 * @throws EnvironmentError for a variable that is a typing error away from a setting
 */
export function findUnknownSettings(environment: Environment): readonly string[] {
  const known = Object.keys(settingsTable)
  const unknown = Object.keys(environment).filter((name) => name.startsWith(prefix) && !known.includes(name))
  for (const name of unknown) {
    const nearest = nearestName(
      name.slice(prefix.length),
      known.map((setting) => setting.slice(prefix.length)),
    )
    if (nearest === undefined) continue
    const meant = prefix + nearest
    throw new EnvironmentError(name, `없는 변수입니다. ${meant}를 쓰세요`, `is no setting: did you mean ${meant}?`)
  }
  return unknown
}
