import { AsyncLocalStorage } from 'node:async_hooks'
import { isSpanContextValid, trace } from '@opentelemetry/api'
import type { Slot } from '../admission/fair-queue.ts'

/** Who asks, and with which place of the concurrency limit. */
export interface RequestOrigin {
  readonly slot: Slot | undefined
  /** Of the client, as rate limits count it: IPv4, or the /64 network of IPv6. Undefined where there is no connection. */
  readonly address: string | undefined
  /** Who is signed in, as the proxy in front of the console says; undefined elsewhere. */
  readonly user?: string | undefined
}

interface CurrentRequest extends RequestOrigin {
  readonly id: string
}

const current = new AsyncLocalStorage<CurrentRequest>()
let begun = 0

/** Runs `work` as a request of its own: what it logs, however deep, can be found together. */
export const asRequest = <Result>(now: Date, origin: RequestOrigin, work: () => Promise<Result>): Promise<Result> =>
  // No chance is drawn, so that what is simulated stays the same; another gateway's log says itself whose it is.
  current.run({ id: `${now.getTime().toString(36)}-${(begun++).toString(36)}`, ...origin }, work)

/** Of the request that is being answered; undefined in the background. */
export const currentAddress = (): string | undefined => current.getStore()?.address

export const currentUser = (): string | undefined => current.getStore()?.user

/** While `work` runs, the current request waits for another service and holds no place of the concurrency limit. */
export function releaseSlotWhile<Result>(work: () => Promise<Result>): Promise<Result> {
  const slot = current.getStore()?.slot
  return slot === undefined ? work() : slot.releaseSlotWhile(work)
}

/** Which request a line of the log belongs to: by the span where there is one, under the names that OpenTelemetry gives them in JSON. */
export function originOfLine(): Readonly<Record<string, string>> {
  const span = trace.getActiveSpan()?.spanContext()
  if (span !== undefined && isSpanContextValid(span)) return { trace_id: span.traceId, span_id: span.spanId }
  const requestId = current.getStore()?.id
  return requestId === undefined ? {} : { requestId }
}
