import { AsyncLocalStorage } from 'node:async_hooks'
import { isSpanContextValid, trace } from '@opentelemetry/api'

/** The concurrency limiter's slot of a request, as far as code that waits for another service needs it. */
export interface WaitExcluder {
  /** While `work` runs, the request holds no slot and the time does not count as its latency. */
  excludeWait<Result>(work: () => Promise<Result>): Promise<Result>
}

export interface RequestOrigin {
  readonly slot: WaitExcluder | undefined
  /** The client as rate limits count it: IPv4, or the /64 network of IPv6. Undefined without a connection. */
  readonly address: string | undefined
  /** The user that a login proxy in front of the console names. */
  readonly user?: string | undefined
}

interface CurrentRequest extends RequestOrigin {
  readonly id: string
}

const current = new AsyncLocalStorage<CurrentRequest>()
let begun = 0

/** Runs `work` in an async context of its own; every log line written in it carries the same request id. */
export const asRequest = <Result>(
  now: Date,
  { slot, address, user }: RequestOrigin,
  work: () => Promise<Result>,
): Promise<Result> =>
  // No randomness, so that simulations stay deterministic. Gateways are distinguished by host.
  current.run({ id: `${now.getTime().toString(36)}-${(begun++).toString(36)}`, slot, address, user }, work)

/** The client of the current request; undefined in background jobs. */
export const currentAddress = (): string | undefined => current.getStore()?.address

export const currentUser = (): string | undefined => current.getStore()?.user

/** {@link WaitExcluder.excludeWait} of the current request; outside a request it only runs `work`. */
export function excludeWait<Result>(work: () => Promise<Result>): Promise<Result> {
  const slot = current.getStore()?.slot
  return slot === undefined ? work() : slot.excludeWait(work)
}

/** Correlation fields of a log line: the active span, under OpenTelemetry's JSON names, or else the request id. */
export function correlationFields(): Readonly<Record<string, string>> {
  const span = trace.getActiveSpan()?.spanContext()
  if (span !== undefined && isSpanContextValid(span)) return { trace_id: span.traceId, span_id: span.spanId }
  const requestId = current.getStore()?.id
  return requestId === undefined ? {} : { requestId }
}
