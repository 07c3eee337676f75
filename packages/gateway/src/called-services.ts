import { createHttpCardNetwork } from './card-network/http-client.ts'
import { createHttpIssuerApps } from './card-network/issuer-apps.ts'
import type { Context } from './context.ts'
import type { GatewayParts } from './gateway.ts'
import { createHttpIdentityVerifier } from './identity/port.ts'
import { excludeWait } from './logging/current-request.ts'
import { createCircuitBreaker, withCircuitBreaker } from './outgoing/circuit-breaker.ts'
import { type Credentials, withCredentials } from './outgoing/model.ts'
import { type CallsOut, cardNetworkCalls, identityCalls, recordCallsOut } from './request-log/record-calls-out.ts'
import type { RequestLog } from './request-log/request-log.ts'
import type { Runtime } from './runtime.ts'
import { measureCallsOut } from './telemetry/measure-calls-out.ts'
import type { Metrics } from './telemetry/metrics.ts'

/** Base URLs, without a slash at the end, and credentials of the services that the gateway calls. */
export interface ServiceAddresses {
  readonly cardNetworkUrl: string
  readonly cardNetworkCredentials?: Credentials
  readonly identityUrl: string
  readonly identityCredentials?: Credentials
}

interface Watchers {
  readonly requestLog: RequestLog
  readonly metrics: Metrics
}

/**
 * Card network and identity agency over HTTP: each call is recorded, measured and behind a circuit breaker. The
 * credentials are read from `addresses` for each call.
 */
export function connectServices(
  context: Context,
  watchers: Watchers,
  addresses: ServiceAddresses,
): Pick<GatewayParts, 'cardNetwork' | 'identityVerifier' | 'issuerApps'> {
  const { log, settings } = context
  const { cardNetworkUrl, identityUrl } = addresses
  const network = callService(context, watchers, cardNetworkCalls, () => addresses.cardNetworkCredentials ?? {})
  const agency = callService(context, watchers, identityCalls, () => addresses.identityCredentials ?? {})
  return {
    cardNetwork: {
      ...createHttpCardNetwork({ log, runtime: network.runtime }, cardNetworkUrl, settings.cardNetworkTimeoutMs),
      permitAuthorization: network.breaker.tryAcquire,
    },
    issuerApps:
      settings.offersIssuerApps === true
        ? createHttpIssuerApps(network.runtime, cardNetworkUrl, settings.cardNetworkTimeoutMs)
        : undefined,
    identityVerifier: createHttpIdentityVerifier({ ...agency, log }, identityUrl, settings.identityTimeoutMs),
  }
}

/**
 * Wraps `fetch`, from the inside out: slot released while waiting, credentials, circuit breaker, metrics, request log.
 * Log and trace do not see the credentials, which are inside; they record the calls that the breaker rejects.
 */
function callService(
  { runtime, log }: Context,
  { requestLog, metrics }: Watchers,
  calls: CallsOut,
  credentials: () => Credentials,
) {
  const to = calls.kind
  metrics.circuitOpen.set({ to }, 0)
  const breaker = createCircuitBreaker(runtime, (isOpen) => {
    metrics.circuitOpen.set({ to }, isOpen ? 1 : 0)
    if (isOpen) log.warn('circuit_opened', { to })
    else log.info('circuit_closed', { to })
  })
  const send: Runtime['fetch'] = (url, request) => excludeWait(() => runtime.fetch(url, request))
  const guarded = { ...runtime, fetch: withCircuitBreaker(withCredentials(send, credentials), breaker) }
  return { runtime: recordCallsOut(requestLog, measureCallsOut(metrics, guarded, calls), calls), breaker }
}
