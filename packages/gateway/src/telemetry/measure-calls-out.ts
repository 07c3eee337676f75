import { SpanKind } from '@opentelemetry/api'
import { callFailure } from '../outgoing/failure.ts'
import type { OutgoingAnswer } from '../outgoing/model.ts'
import type { Runtime } from '../runtime.ts'
import type { Metrics } from './metrics.ts'
import { inSpan, traceHeaders } from './spans.ts'

interface CalledService {
  readonly kind: string
  /** The outcome of a call, one of few words. */
  readonly nameAnswer: (answer: OutgoingAnswer) => string
}

/** A runtime whose outgoing requests are measured, and propagate the trace to the card network. */
export function measureCallsOut({ callsOut }: Metrics, runtime: Runtime, { kind, nameAnswer }: CalledService): Runtime {
  const fetch: Runtime['fetch'] = (url, request) =>
    inSpan(`call ${kind}`, { kind: SpanKind.CLIENT }, async (span) => {
      const call = nameCall(kind, url)
      span.setAttribute('sspay.call', call)
      const stop = callsOut.startTimer({ to: kind, call })
      const end = (outcome: string): void => {
        stop({ outcome })
        span.setAttribute('sspay.outcome', outcome)
      }
      try {
        // Third parties get no trace context.
        const headers = kind === 'card-network' ? traceHeaders() : {}
        const answer = await runtime.fetch(url, { ...request, headers: { ...request.headers, ...headers } })
        end(oneWord(nameAnswer(answer)))
        return answer
      } catch (cause) {
        end(callFailure(cause))
        throw cause
      }
    })
  return { ...runtime, fetch }
}

const callNames: Readonly<Record<string, RegExp>> = {
  'card-network': /\/(authorize|inquire|reverse|cancel|verify-card|start-app|check-app)$/,
  identity: /\/(codes|codes\/check|messages)$/,
}

/** The last part of the path, for services whose paths this gateway defines. */
const nameCall = (kind: string, url: string): string => callNames[kind]?.exec(url)?.[1] ?? 'other'

/** Bounds label cardinality: answers may hold anything. */
const oneWord = (name: string): string => (/^[a-z_]{1,30}$|^http_\d{3}$/.test(name) ? name : 'other')
