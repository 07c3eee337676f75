import {
  type Attributes,
  context,
  propagation,
  type Span,
  type SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'

/** Spans go to whatever OpenTelemetry SDK the operator has loaded; without one they cost next to nothing. */
const tracer = trace.getTracer('sspay-gateway')

/** Runs `work` in a span of its own, which ends with it. No attribute may hold anything of a person or a card. */
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

/** Runs `work` as part of the caller's trace, if its headers name one. */
export const asPartOf = <Result>(headers: Headers, work: () => Promise<Result>): Promise<Result> =>
  context.with(propagation.extract(context.active(), headers, { get: getHeader, keys: () => traceNames }), work)

/** Nothing else travels: a caller's baggage may hold anything. */
const traceNames = ['traceparent', 'tracestate']

const getHeader = (headers: Headers, name: string): string | undefined =>
  traceNames.includes(name) ? (headers.get(name) ?? undefined) : undefined

/** The headers that let the receiver go on with this trace; none without an SDK. */
export function traceHeaders(): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {}
  propagation.inject(context.active(), headers, {
    set(carrier, name, value) {
      if (traceNames.includes(name)) carrier[name] = value
    },
  })
  return headers
}
