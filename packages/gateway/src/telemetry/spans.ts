import {
  type Attributes,
  context,
  propagation,
  type Span,
  type SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'

/** No-op unless the operator loads an OpenTelemetry SDK. */
const tracer = trace.getTracer('sspay-gateway')

/** Runs `work` in a span. Attributes must not contain personal or card data. */
export function inSpan<Result>(
  name: string,
  options: { readonly kind: SpanKind; readonly attributes?: Attributes },
  work: (span: Span) => Promise<Result>,
): Promise<Result> {
  return tracer.startActiveSpan(name, options, async (span) => {
    try {
      return await work(span)
    } catch (cause) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: cause instanceof Error ? cause.name : 'thrown' })
      throw cause
    } finally {
      span.end()
    }
  })
}

/** Runs `work` in the trace of the caller's `traceparent`, if there is one. */
export const asPartOf = <Result>(headers: Headers, work: () => Promise<Result>): Promise<Result> =>
  context.with(propagation.extract(context.active(), headers, { get: getHeader, keys: () => traceNames }), work)

/** No baggage: it may contain anything. */
const traceNames = ['traceparent', 'tracestate']

const getHeader = (headers: Headers, name: string): string | undefined =>
  traceNames.includes(name) ? (headers.get(name) ?? undefined) : undefined

/** Headers that propagate the current trace; none without an SDK. */
export function traceHeaders(): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {}
  propagation.inject(context.active(), headers, {
    set(carrier, name, value) {
      if (traceNames.includes(name)) carrier[name] = value
    },
  })
  return headers
}
