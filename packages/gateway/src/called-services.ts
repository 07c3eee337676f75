import { createHttpCardNetwork } from './card-network/http-client.ts'
import type { Context } from './context.ts'
import type { GatewayParts } from './gateway.ts'
import { releaseSlotWhile } from './http/current-request.ts'
import { createHttpIdentityVerifier } from './identity/port.ts'
import { type CircuitBreaker, createCircuitBreaker, withCircuitBreaker } from './outgoing/circuit-breaker.ts'
import { type Credentials, withCredentials } from './outgoing/credentials.ts'
import { type CallsOut, cardNetworkCalls, identityCalls, recordCallsOut } from './request-log/record-calls-out.ts'
import type { RequestLog } from './request-log/request-log.ts'
import type { Runtime } from './runtime.ts'
import { measureCallsOut } from './telemetry/measure-calls-out.ts'
import type { Metrics } from './telemetry/metrics.ts'

/** The companies behind the gateway. Addresses have no slash at the end. */
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

/** Card network and identity agency over HTTP, each call recorded, measured and behind the circuit breaker of its service. */
export function connectServices(
  context: Context,
  watchers: Watchers,
  { cardNetworkUrl, cardNetworkCredentials = {}, identityUrl, identityCredentials = {} }: ServiceAddresses,
): Pick<GatewayParts, 'cardNetwork' | 'identityVerifier'> {
  const { log, settings } = context
  const toCardNetwork = callService(context, watchers, cardNetworkCalls, cardNetworkCredentials)
  const toIdentity = callService(context, watchers, identityCalls, identityCredentials)
  const cardNetworkRuntime = { log, runtime: toCardNetwork.runtime }
  return {
    cardNetwork: {
      ...createHttpCardNetwork(cardNetworkRuntime, cardNetworkUrl, settings.cardNetworkTimeoutMs),
      permitAuthorization: toCardNetwork.breaker.tryAcquire,
    },
    identityVerifier: createHttpIdentityVerifier(
      { log, runtime: toIdentity.runtime },
      identityUrl,
      settings.identityTimeoutMs,
    ),
  }
}

/** A rejected call is recorded and measured too; credentials come last, so that neither log nor trace sees them. */
function callService(
  { runtime, log }: Context,
  { requestLog, metrics }: Watchers,
  calls: CallsOut,
  credentials: Credentials,
): { readonly runtime: Runtime; readonly breaker: CircuitBreaker } {
  const to = calls.kind
  metrics.circuitOpen.set({ to }, 0)
  const breaker = createCircuitBreaker(runtime, (isOpen) => {
    metrics.circuitOpen.set({ to }, isOpen ? 1 : 0)
    if (isOpen) log.warn('circuit_opened', { to })
    else log.info('circuit_closed', { to })
  })
  const waiting: Runtime = { ...runtime, fetch: (url, request) => releaseSlotWhile(() => runtime.fetch(url, request)) }
  const guarded = withCircuitBreaker(withCredentials(waiting, credentials), breaker)
  return { runtime: recordCallsOut(requestLog, measureCallsOut(metrics, guarded, calls), calls), breaker }
}
