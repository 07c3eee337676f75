import type { Listener } from './listen.ts'
import type { MerchantEntry } from './merchants-file.ts'
import type { OpenedGateway } from './open-gateway.ts'
import type { Loaded } from './read-settings.ts'
import { Secret } from './secret.ts'

interface ReloadParts {
  readonly gateway: Pick<OpenedGateway, 'context' | 'reload'>
  readonly listeners: readonly Pick<Listener, 'renewTls'>[]
  /** What the gateway has started with. */
  readonly loaded: Loaded
  /** Throws, with a message for the operator and without a secret, for a file that is wrong. */
  read(): Promise<Loaded>
}

/**
 * Reads the files again, applies what has changed and logs it. One reload runs at a time; another one asked for
 * meanwhile follows. All files are read before anything is applied, so a wrong one leaves everything as it was.
 */
export function createReload({ gateway, listeners, loaded, read }: ReloadParts): () => Promise<void> {
  const { log } = gateway.context
  let current = loaded
  let running: Promise<void> | undefined
  let isAskedAgain = false

  const reloadOnce = async (): Promise<void> => {
    try {
      const next = await read()
      const changes = compareMerchants(current.merchants, next.merchants)
      const merchants = next.merchants.filter(({ merchant }) => changes.toSave.has(merchant.merchantId))
      await gateway.reload({ ...next, merchants })
      const { tls } = next.addresses
      const isRenewed = tls !== undefined && differ(current.addresses.tls, tls)
      if (isRenewed) for (const listener of listeners) listener.renewTls(tls)
      log.info('reloaded', {
        ...changes.logged,
        certificate: isRenewed ? 'renewed' : 'unchanged',
        credentials: changedCredentials(current, next),
        logLevel: next.logLevel,
      })
      if (differ(current.addresses.publicHosts, next.addresses.publicHosts))
        log.warn('restart_needed', { setting: 'SSPAY_TLS_CERT', why: 'the certificate has other host names' })
      current = next
    } catch (cause) {
      log.error('reload_failed', { message: cause instanceof Error ? cause.message : 'failed' })
    }
  }

  const reloadWhileAsked = async (): Promise<void> => {
    while (isAskedAgain) {
      isAskedAgain = false
      await reloadOnce()
    }
    running = undefined
  }

  return () => {
    isAskedAgain = true
    running ??= reloadWhileAsked()
    return running
  }
}

/** Ids of merchants, separated by spaces. `unlisted` ones stay in the database as they are. */
type LoggedChanges = Readonly<Record<'added' | 'changed' | 'disabled' | 'unlisted', string>>

function compareMerchants(
  before: readonly MerchantEntry[],
  after: readonly MerchantEntry[],
): { readonly toSave: ReadonlySet<string>; readonly logged: LoggedChanges } {
  const known = new Map(before.map((entry) => [entry.merchant.merchantId, entry]))
  const [added, changed, disabled]: string[][] = [[], [], []]
  for (const entry of after) {
    const { merchantId, takesPayments } = entry.merchant
    const earlier = known.get(merchantId)
    known.delete(merchantId)
    if (earlier === undefined) added?.push(merchantId)
    else if (takesPayments === false && earlier.merchant.takesPayments !== false) disabled?.push(merchantId)
    else if (differ(earlier, entry)) changed?.push(merchantId)
  }
  const lists = { added, changed, disabled, unlisted: [...known.keys()] }
  const logged = Object.fromEntries(Object.entries(lists).map(([name, ids = []]) => [name, ids.join(' ')]))
  return { toSave: new Set([added, changed, disabled].flatMap((ids = []) => ids)), logged: logged as LoggedChanges }
}

const changedCredentials = (before: Loaded, after: Loaded): string =>
  (['cardNetworkCredentials', 'identityCredentials'] as const)
    .filter((name) => differ(before[name], after[name]))
    .join(' ')

const differ = (one: unknown, other: unknown): boolean => written(one) !== written(other)

/** JSON with the secrets, to compare; never to be shown. */
const written = (value: unknown): string =>
  JSON.stringify(value, function (this: Record<string, unknown>, name, text) {
    const own = this[name]
    return own instanceof Secret ? own.expose() : text
  }) ?? ''
