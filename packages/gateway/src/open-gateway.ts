import { readBuiltScripts } from './built-scripts.ts'
import { connectServices, type ServiceAddresses } from './called-services.ts'
import type { ConsoleLink } from './console/frame.ts'
import type { Context, Settings } from './context.ts'
import type { Diagnose } from './diagnosis.ts'
import type { SandboxBanner } from './front-page.ts'
import { createGateway, type Gateway } from './gateway.ts'
import { paymentsCompleteSince } from './horizon/store.ts'
import { createLog, type LogOptions } from './http/pino-log.ts'
import { openKeyRing, WrongRootKeyError } from './key-rotation/open-key-ring.ts'
import { keyIdOf } from './keyring.ts'
import type { Log } from './log.ts'
import { findMerchantProblems, isUsable, type Merchant } from './merchants/model.ts'
import { listMerchants, saveMerchant } from './merchants/store.ts'
import { createRequestLog } from './request-log/request-log.ts'
import { type Runtime, realRuntime } from './runtime.ts'
import type { Secret } from './secret.ts'
import { recordSecurityEvent } from './security-events/record.ts'
import { requestLogOn, settingsTable } from './settings.ts'
import { addressesOf } from './storage/database-addresses.ts'
import { migrate } from './storage/migrate.ts'
import { openStorage, type StoragePlace } from './storage/open-storage.ts'
import type { Storage } from './storage/storage.ts'
import { atMostEvery } from './telemetry/at-most-every.ts'
import { countBacklog } from './telemetry/backlog.ts'
import { measureStorage } from './telemetry/measure-storage.ts'
import { createMetrics } from './telemetry/metrics.ts'
import { createReadiness } from './telemetry/readiness.ts'

/** What a gateway needs: see {@link openGateway}. */
export interface OpenGatewayOptions extends ServiceAddresses {
  readonly place: StoragePlace
  /** 64 hexadecimal characters, see {@link openRootKey}. */
  readonly rootKey: Secret
  /** While the root key is being replaced: keys that decrypt too. */
  readonly otherRootKeys?: readonly Secret[]
  readonly settings: Settings
  readonly logDestination: LogOptions['destination']
  /** Runs once the tables exist, before anything is answered: the place to save merchants, whose keys no log line shows then. */
  readonly seed?: (context: Pick<Context, 'storage' | 'keyRing'>) => Promise<void>
  /** Tabs beside the console's own pages. */
  readonly consoleLinks?: readonly ConsoleLink[]
  /** What the front page of a sandbox tells a developer. */
  readonly sandboxBanner?: SandboxBanner | undefined
  /** Explains wrong signatures of test merchants. */
  readonly diagnose?: Diagnose
  readonly runtime?: Runtime
  /** False leaves the work in the background to other processes on the same database. */
  readonly hasWorkers?: boolean
}

/** A gateway with its database open. */
export interface OpenedGateway extends Gateway {
  readonly context: Context
  /**
   * Adds or replaces a merchant while the gateway runs; no log line shows its key from then on. Throws a {@link MerchantError} for one
   * that could not take payments.
   */
  saveMerchant(merchant: Merchant): Promise<void>
}

/** What sspay starts with. All in milliseconds and bytes; see {@link Settings}. */
export const defaultSettings: Settings = {
  windowLifeMs: 30 * 60_000,
  ticketLifeMs: 10 * 60_000,
  keypadLifeMs: 3 * 60_000,
  identityCodeLifeMs: 3 * 60_000,
  cardNetworkTimeoutMs: 7_000,
  reverseAfterMs: 60_000,
  identityTimeoutMs: 5_000,
  notificationTimeoutMs: 10_000,
  answerReplayMs: 24 * 60 * 60_000,
  bodyLimitBytes: 64 * 1024,
  limits: {
    windowsPerMerchant: { burst: 2_000, refillEveryMs: 10 },
    addressShareOfMerchant: 0.05,
    // A window lives for half an hour: of one form about ten are open at once.
    windowsPerForm: { burst: 10, refillEveryMs: 30 * 60_000 },
    windowsPerSignature: { burst: 500, refillEveryMs: 30_000 },
    // Many phones of one mobile carrier share an address.
    windowsPerAddress: { burst: 500, refillEveryMs: 200 },
    // A page with its keypad is two requests, a step one more; many phones may share the address here too.
    requestsPerWindow: { burst: 120, refillEveryMs: 500 },
    windowRequestsPerAddress: { burst: 3_000, refillEveryMs: 10 },
    codesPerPhone: { burst: 5, refillEveryMs: 10 * 60_000 },
    codesPerWindow: 5,
    codesPerAddress: { burst: 50, refillEveryMs: 12_000 },
    codesPerMerchant: { burst: 500, refillEveryMs: 500 },
    codesInAll: { burst: 2_000, refillEveryMs: 100 },
    guesses: {
      freePerAddress: 30,
      freeUnderAttack: 3,
      freePerMerchant: 500,
      forgetOfAddressMs: 60_000,
      forgetOfMerchantMs: 500,
      firstDelayMs: 1_000,
      longestDelayMs: 5 * 60_000,
    },
    // The card password has two digits that are asked for: five guesses a day.
    cardFailuresPerMember: { burst: 5, refillEveryMs: (24 * 60 * 60_000) / 5 },
    cardFailuresPerCard: { burst: 5, refillEveryMs: (24 * 60 * 60_000) / 5 },
    cardFailuresPerAddress: { burst: 20, refillEveryMs: 3 * 60_000 },
    inFlight: 1_000,
    latencyTargetMs: settingsTable.SSPAY_LATENCY_TARGET_MS.default,
    connections: { perAddress: 2_000, inAll: 10_000 },
    unfinished: { deadlineMs: 3_000, bytesInAll: 64 * 1024 * 1024, perAddress: 256 },
    mostRememberedKeys: 50_000,
    proxyHops: settingsTable.SSPAY_PROXY_HOPS.default,
  },
  keepUnauthenticatedMs: settingsTable.SSPAY_UNAUTHENTICATED_DAYS.default * 24 * 60 * 60_000,
  consoleUserHeader: undefined,
  requestLog: settingsTable.SSPAY_REQUEST_LOG.default,
  isSandbox: false,
}

/** What a request log keeps where it is on. */
export const usualRequestLog: Settings['requestLog'] = {
  keepMs: requestLogOn.days * 24 * 60 * 60_000,
  mostRows: requestLogOn.calls,
}

/**
 * The whole gateway over its database: keys, log, the ways out. `close` waits for the work in the background and
 * closes the database. Throws with a sentence for people when the folder is in use or the root key is not the database's.
 */
export async function openGateway(options: OpenGatewayOptions): Promise<OpenedGateway> {
  const { place, rootKey, otherRootKeys = [], settings, runtime = realRuntime } = options
  const { consoleLinks = [], hasWorkers = true } = options
  let log: Log | undefined
  let gateway: Gateway | undefined
  const onError = (cause: unknown): void => {
    metrics.errors.inc()
    log?.warn('database_error', { cause: String(cause) })
  }
  const metrics = createMetrics({
    // Whoever scrapes how often: the database is asked once in ten seconds.
    backlog: atMostEvery(runtime, 10_000, () => countBacklog({ storage, runtime })),
    load: () => storage.load(),
    limitOf: (call) => gateway?.limitOf(call),
  })
  const readiness = createReadiness(runtime, () => storage)
  const storage = measureStorage(metrics, await openStorage(place, { runtime, onError }), readiness)
  try {
    const newer = await migrate(storage)
    await requireClockAfter(storage, runtime.now())
    const keyRing = await openKeyRing({ runtime, storage }, { current: rootKey, others: otherRootKeys })
    const merchants = await readMerchants({ storage, keyRing }, options.seed)
    const secrets = new Set([
      ...[rootKey, ...otherRootKeys].map((key) => key.expose()),
      ...secretsIn(place),
      ...tokensIn(options),
      ...merchants.map(({ merchantKey }) => merchantKey.expose()),
    ])
    log = createLog({ destination: options.logDestination, secrets: () => [...secrets] })
    recordSecurityEvent({ log, keyRing }, { name: 'root_key_used' })
    if (newer.length > 0) log.warn('database_newer', { migrations: newer.join(' ') })
    if (otherRootKeys.length > 0) {
      recordSecurityEvent({ log, keyRing }, { name: 'root_key_rotated' })
      log.warn('root_key_replaced', {
        encryptsWith: keyRing.keyId,
        decryptsToo: otherRootKeys.map(keyIdOf).join(' '),
      })
    }
    reportUnusable(log, merchants)
    const context: Context = { runtime, storage, keyRing, log, settings, diagnose: options.diagnose }
    const requestLog = createRequestLog(context)
    await requestLog.removeOld()
    const made = createGateway({
      context,
      requestLog,
      metrics,
      readiness,
      hasWorkers,
      ...connectServices(context, { requestLog, metrics }, options),
      ...(await readBuiltScripts()),
      consoleLinks,
      sandboxBanner: options.sandboxBanner,
    })
    gateway = made
    return {
      ...made,
      context,
      async saveMerchant(merchant) {
        secrets.add(merchant.merchantKey.expose())
        await saveMerchant(context, merchant)
      },
      async close() {
        await made.close()
        await storage.close()
      },
    }
  } catch (cause) {
    await storage.close()
    throw cause
  }
}

/** A clock that has fallen back behind the archived payments would give their transaction ids a second time. */
async function requireClockAfter(storage: Storage, now: Date): Promise<void> {
  const since = await paymentsCompleteSince({ storage })
  if (now < since)
    throw new Error(
      `The clock says ${now.toISOString()}, but payments up to ${since.toISOString()} have been archived: set the clock first.`,
    )
}

function secretsIn(place: StoragePlace): readonly string[] {
  if (!('databaseUrl' in place)) return []
  const url = place.databaseUrl.expose()
  return [url, ...addressesOf(url).map((address) => decodeURIComponent(new URL(address).password))].filter(Boolean)
}

const tokensIn = ({ cardNetworkCredentials, identityCredentials }: OpenGatewayOptions): readonly string[] =>
  [cardNetworkCredentials, identityCredentials].flatMap((given) => given?.token?.expose() ?? [])

/** Merchant keys must never reach a log line; reading them also proves that the root key opens this database. */
async function readMerchants(
  context: Pick<Context, 'storage' | 'keyRing'>,
  seed: OpenGatewayOptions['seed'],
): Promise<readonly Merchant[]> {
  await listMerchants(context).catch((cause: unknown) => {
    throw new WrongRootKeyError({ cause })
  })
  await seed?.(context)
  return listMerchants(context)
}

/** Merchants that an older version has saved with a setting that is rejected today: they take no payments until it is corrected. */
function reportUnusable(log: Log, merchants: readonly Merchant[]): void {
  for (const merchant of merchants.filter((one) => !isUsable(one))) {
    const problems = findMerchantProblems(merchant).join(' ')
    log.error('merchant_unusable', { merchantId: merchant.merchantId, problems })
  }
}
