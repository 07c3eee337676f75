import { readWatermark } from './archive/store.ts'
import { readBuiltScripts } from './built-scripts.ts'
import { connectServices, type ServiceAddresses } from './called-services.ts'
import type { ConsoleLink } from './console/frame.ts'
import type { Context, Settings } from './context.ts'
import type { Diagnose } from './diagnosis.ts'
import type { SandboxBanner } from './front-page.ts'
import { createGateway, type Gateway, type GatewayParts } from './gateway.ts'
import { listMerchantsOf, openKeyRing } from './key-rotation/open-key-ring.ts'
import { keyIdOf } from './keyring.ts'
import type { Log, LogLevel } from './logging/log.ts'
import { createLog, type LogOptions } from './logging/pino-log.ts'
import { keysOf } from './merchants/keys.ts'
import { findMerchantProblems, isUsable, type Merchant } from './merchants/model.ts'
import { listMerchants, saveMerchant } from './merchants/store.ts'
import { type MerchantEntry, saveMerchants } from './merchants-file.ts'
import { requireWholeMove } from './move/store.ts'
import { createRequestLog } from './request-log/request-log.ts'
import { type Runtime, realRuntime } from './runtime.ts'
import type { Secret } from './secret.ts'
import { recordSecurityEvent } from './security-events/record.ts'
import { migrate } from './storage/migrate.ts'
import { openStorage, type StoragePlace } from './storage/open-storage.ts'
import { addressesOf, type Storage } from './storage/storage.ts'
import { countBacklog } from './telemetry/backlog.ts'
import { measureStorage } from './telemetry/measure-storage.ts'
import { createMetrics } from './telemetry/metrics.ts'
import { cachedFor, createReadiness } from './telemetry/readiness.ts'

/** Options of {@link openGateway}. */
export interface OpenGatewayOptions extends ServiceAddresses {
  readonly place: StoragePlace
  /** 64 hexadecimal characters, see {@link openRootKey}. */
  readonly rootKey: Secret
  /** Keys that only decrypt, while the root key is being replaced. */
  readonly otherRootKeys?: readonly Secret[]
  readonly settings: Settings
  readonly logDestination: LogOptions['destination']
  /** Default: `info`. */
  readonly logLevel?: LogLevel
  readonly addresses?: PublicAddress
  /** Runs after the migrations and before the first request: saves merchants, whose keys the log then masks. */
  readonly seed?: (context: Pick<Context, 'storage' | 'keyRing'>) => Promise<void>
  /** Additional tabs of the console. */
  readonly consoleLinks?: readonly ConsoleLink[]
  /** Shown on the front page of a sandbox only. */
  readonly sandboxBanner?: SandboxBanner | undefined
  /** Explains wrong signatures of test merchants. */
  readonly diagnose?: Diagnose
  /** For a sandbox, whose demo shop shares its merchant with other shops. */
  readonly concernsTarget?: GatewayParts['concernsTarget']
  readonly runtime?: Runtime
  /** False leaves background jobs to other processes on the same database. Default: true. */
  readonly hasWorkers?: boolean
}

/** What can change while a gateway runs. */
export interface Reloadable extends Pick<ServiceAddresses, 'cardNetworkCredentials' | 'identityCredentials'> {
  /** Those to save. */
  readonly merchants: readonly MerchantEntry[]
  readonly logLevel: LogLevel
  readonly addresses?: PublicAddress
}

/** The metrics report when the certificate of the payment window expires. */
interface PublicAddress {
  readonly tls?: { readonly cert: string } | undefined
}

/** A gateway with its database open. */
export interface OpenedGateway extends Gateway {
  readonly context: Context
  /**
   * Adds or replaces a merchant in the running gateway; the log masks its key from then on.
   *
   * @throws MerchantError if the merchant is invalid
   */
  saveMerchant(merchant: Merchant): Promise<void>
  /** Takes effect with the next request; requests in progress keep what they have read. */
  reload(reloaded: Reloadable): Promise<void>
}

/**
 * Opens the database, migrates it, and builds the gateway with keys, log, metrics and outgoing connections. `close`
 * waits for the background jobs and closes the database.
 *
 * @throws Error if a built script is missing, the data folder is in use, the root key is wrong, or the clock is behind
 * the archived payments
 */
export async function openGateway(options: OpenGatewayOptions): Promise<OpenedGateway> {
  const { place, runtime = realRuntime } = options
  const scripts = await readBuiltScripts()
  let log: Log | undefined
  let gateway: Gateway | undefined
  const onError = (cause: unknown): void => {
    metrics.errors.inc()
    log?.warn('database_error', { cause: String(cause) })
  }
  const current = { ...options }
  const metrics = createMetrics({
    // At most one set of queries in ten seconds, however often metrics are scraped.
    backlog: cachedFor(runtime, 10_000, () => countBacklog({ storage, runtime })),
    load: () => storage.load(),
    limitOf: (call) => gateway?.limitOf(call),
    machine: {
      now: () => runtime.wallClock?.() ?? runtime.now(),
      certificates: () => ({
        window: current.addresses?.tls?.cert,
        'card-network': current.cardNetworkCredentials?.tls?.identity?.cert,
        identity: current.identityCredentials?.tls?.identity?.cert,
      }),
      dataFolder: 'dataFolder' in place ? place.dataFolder : undefined,
    },
  })
  const opened = await openStorage(place, { runtime, onError })
  const readiness = createReadiness(runtime, opened)
  const storage = measureStorage(metrics, opened, readiness)
  try {
    const { context, secrets } = await openContext(current, storage, runtime)
    log = context.log
    const requestLog = createRequestLog(context)
    await requestLog.removeOld()
    const created = createGateway({
      context,
      requestLog,
      metrics,
      readiness,
      hasWorkers: options.hasWorkers ?? true,
      ...connectServices(context, { requestLog, metrics }, current),
      ...scripts,
      consoleLinks: options.consoleLinks ?? [],
      sandboxBanner: options.sandboxBanner,
      concernsTarget: options.concernsTarget,
    })
    gateway = created
    return {
      ...created,
      context,
      async saveMerchant(merchant) {
        for (const key of keysOf(merchant)) secrets.add(key)
        await saveMerchant(context, merchant)
      },
      async reload({ merchants, ...reloaded }) {
        const keys = merchants.flatMap(({ merchant }) => keysOf(merchant))
        for (const secret of [...keys, ...secretsIn({ ...current, ...reloaded })]) secrets.add(secret)
        await saveMerchants(context, merchants)
        Object.assign(current, reloaded)
      },
      async close() {
        await created.close()
        await storage.close()
      },
    }
  } catch (cause) {
    await storage.close()
    throw cause
  }
}

/** Migrates the database, checks clock and root key, saves the seed, and opens the log, which masks `secrets`. */
async function openContext(options: OpenGatewayOptions, storage: Storage, runtime: Runtime) {
  const { rootKey, otherRootKeys = [], settings } = options
  const newer = await migrate(storage)
  await requireWholeMove(storage)
  await requireClockAfterArchive(storage, runtime.now())
  const keyRing = await openKeyRing({ runtime, storage }, { current: rootKey, others: otherRootKeys })
  await listMerchantsOf(storage, keyRing)
  await options.seed?.({ storage, keyRing })
  const merchants = await listMerchants({ storage, keyRing })
  const secrets = new Set([...secretsIn(options), ...merchants.flatMap(keysOf)])
  const log = createLog({
    destination: options.logDestination,
    secrets: () => [...secrets],
    level: () => options.logLevel ?? 'info',
  })
  recordSecurityEvent({ log, keyRing }, { name: 'root_key_used' })
  if (newer.length > 0) log.warn('database_newer', { migrations: newer.join(' ') })
  if (otherRootKeys.length > 0) {
    recordSecurityEvent({ log, keyRing }, { name: 'root_key_rotated' })
    log.warn('root_key_replaced', { encryptsWith: keyRing.keyId, decryptsToo: otherRootKeys.map(keyIdOf).join(' ') })
  }
  // Saved by an older version with a setting that is invalid today: disabled until it is corrected.
  for (const merchant of merchants.filter((one) => !isUsable(one))) {
    const problems = findMerchantProblems(merchant).join(' ')
    log.error('merchant_unusable', { merchantId: merchant.merchantId, problems })
  }
  const context: Context = { runtime, storage, keyRing, log, settings, diagnose: options.diagnose }
  return { context, secrets }
}

/** With the clock behind the archive watermark, transaction ids of archived payments could be issued again. */
async function requireClockAfterArchive(storage: Storage, now: Date): Promise<void> {
  const { archivedBefore } = await readWatermark({ storage })
  if (now < archivedBefore)
    throw new Error(
      `The clock says ${now.toISOString()}, but payments up to ${archivedBefore.toISOString()} have been archived: set the clock first.`,
    )
}

/** Root keys, database passwords and bearer tokens. */
function secretsIn(options: OpenGatewayOptions): readonly string[] {
  const { place, rootKey, otherRootKeys = [], cardNetworkCredentials, identityCredentials } = options
  const url = 'databaseUrl' in place ? place.databaseUrl.expose() : ''
  return [
    ...[rootKey, ...otherRootKeys].map((key) => key.expose()),
    ...[cardNetworkCredentials, identityCredentials].flatMap((given) => given?.token?.expose() ?? []),
    ...(url === '' ? [] : [url, ...addressesOf(url).map((address) => decodeURIComponent(new URL(address).password))]),
  ].filter(Boolean)
}
