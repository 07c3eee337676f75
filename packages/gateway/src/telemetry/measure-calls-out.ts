import { SpanKind } from '@opentelemetry/api'
import { callFailure } from '../outgoing/failure.ts'
import type { OutgoingAnswer } from '../outgoing/model.ts'
import type { Runtime } from '../runtime.ts'
import type { Metrics } from './metrics.ts'
import { inSpan, traceHeaders } from './spans.ts'

/** Who is called, and how its answer is named in one of few words. */
interface CalledService {
  readonly kind: string
  readonly nameAnswer: (answer: OutgoingAnswer) => string
}

/** The same runtime, whose way out is measured, and carries the trace to the card network. */
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
        // Shops and agencies are strangers: they get no trace.
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
  'card-network': /\/(authorize|inquire|reverse|cancel|verify-card)$/,
  identity: /\/(codes|codes\/check|messages)$/,
}

/** What is asked, in one word: the end of an address that is ours to choose, never that of a shop. */
const nameCall = (kind: string, url: string): string => callNames[kind]?.exec(url)?.[1] ?? 'other'

/** What a service says of itself may be anything; a label may not. */
const oneWord = (name: string): string => (/^[a-z_]{1,30}$|^http_\d{3}$/.test(name) ? name : 'other')
